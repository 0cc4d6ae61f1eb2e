/** A label that wants to stand at the end of its line. Pixels; `y` is its middle. */
export interface Label {
  x: number;
  y: number;
  width: number;
  /** Who gives way where there is no room for all: the higher number. */
  rank: number;
}

const meets = (a: Label, b: Label, gap: number) =>
  a.x < b.x + b.width + gap && b.x < a.x + a.width + gap;

/** Labels that could collide: connected by horizontal overlap. */
function groups(labels: Label[]): Label[][] {
  const rest = new Set(labels);
  const result: Label[][] = [];
  for (const seed of labels) {
    if (!rest.delete(seed)) continue;
    const group = [seed];
    for (const member of group) {
      for (const other of rest) {
        if (!meets(member, other, 8)) continue;
        rest.delete(other);
        group.push(other);
      }
    }
    result.push(group);
  }
  return result;
}

/**
 * Middles of a column of labels at least `spacing` apart, within [top, bottom], moved as little as
 * possible (least squares: clusters of touching labels are centered on what they want).
 */
function spread(wanted: number[], spacing: number, top: number, bottom: number): number[] {
  const clusters: { count: number; sum: number }[] = [];
  const start = (c: { count: number; sum: number }) => {
    const middle = c.sum / c.count;
    const height = (c.count - 1) * spacing;
    return Math.max(top, Math.min(bottom - height, middle - height / 2));
  };
  for (const y of wanted) {
    let cluster = { count: 1, sum: y };
    for (let above = clusters.at(-1); above; above = clusters.at(-1)) {
      if (start(above) + above.count * spacing <= start(cluster)) break;
      clusters.pop();
      cluster = { count: above.count + cluster.count, sum: above.sum + cluster.sum };
    }
    clusters.push(cluster);
  }
  return clusters.flatMap((c) => Array.from({ length: c.count }, (_, i) => start(c) + i * spacing));
}

/** By rank, those that can stand exactly where they want to. */
function thin(labels: readonly Label[], spacing: number): Label[] {
  const chosen: Label[] = [];
  for (const label of labels) {
    if (chosen.every(({ y }) => Math.abs(y - label.y) >= spacing)) chosen.push(label);
  }
  return chosen;
}

/**
 * Where the labels go so that none overlaps another: their middles, in the order given; null for
 * those that find no room.
 */
export function placeLabels(
  labels: readonly Label[],
  spacing: number,
  top: number,
  bottom: number,
): (number | null)[] {
  const room = Math.max(1, Math.floor((bottom - top) / spacing) + 1);
  const placed = new Map<Label, number>();
  for (const group of groups([...labels])) {
    group.sort((a, b) => a.rank - b.rank);
    const chosen = group.length > room ? thin(group, spacing) : group;
    chosen.sort((a, b) => a.y - b.y);
    const wanted = chosen.map((label) => label.y);
    spread(wanted, spacing, top, bottom).forEach((middle, i) => {
      placed.set(chosen[i]!, middle);
    });
  }
  return labels.map((label) => placed.get(label) ?? null);
}
