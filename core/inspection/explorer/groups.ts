/** Neighbours of a point that are looked at. */
const NEIGHBOURS = 10;

/** Points that belong together, and how they lie. */
export interface Group {
  count: number;
  /** Mean of its points; NaN where there are none. */
  center: readonly [x: number, y: number];
  /** Mean share of a point's nearest neighbours that are of the same group; NaN where there are none. */
  alike: number;
}

/** How groups of points lie in a plane: `points` [n × 2], `groups` [n], each 0 … count − 1. */
export function groupsOf(points: Float32Array, groups: ArrayLike<number>, count: number): Group[] {
  const sums = Array.from({ length: count }, () => ({ count: 0, x: 0, y: 0, alike: 0 }));
  for (let i = 0; i < groups.length; i++) {
    const sum = sums[groups[i]];
    sum.count++;
    sum.x += points[2 * i];
    sum.y += points[2 * i + 1];
    const near = nearest(points, i, NEIGHBOURS);
    sum.alike += near.filter((j) => groups[j] === groups[i]).length / near.length;
  }
  return sums.map(({ count, x, y, alike }) => ({
    count,
    center: [x / count, y / count],
    alike: alike / count,
  }));
}

/** Places of the points nearest to one of them, itself left out, the nearest first. */
export function nearest(points: Float32Array, of: number, most: number): number[] {
  const places: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < points.length / 2; i++) {
    if (i === of) continue;
    const distance = Math.hypot(
      points[2 * i] - points[2 * of],
      points[2 * i + 1] - points[2 * of + 1],
    );
    if (places.length === most && distance >= distances[most - 1]) continue;
    let at = Math.min(places.length, most - 1);
    for (; at > 0 && distances[at - 1] > distance; at--) {
      distances[at] = distances[at - 1];
      places[at] = places[at - 1];
    }
    distances[at] = distance;
    places[at] = i;
  }
  return places;
}

/** A fourth of the values: from its lowest to its highest. */
export interface Fourth {
  low: number;
  high: number;
}

/** Which fourth each value belongs to, by its rank; equal values are in the same one. */
export function fourthsOf(values: Float32Array): { groups: Uint8Array; fourths: Fourth[] } {
  const sorted = values.slice().sort();
  const bounds = [1, 2, 3].map((k) => sorted[Math.floor((k * sorted.length) / 4)]);
  const groups = Uint8Array.from(values, (x) => bounds.filter((bound) => x >= bound).length);
  const fourths = [0, 1, 2, 3].map((k) => {
    const own = values.filter((_, i) => groups[i] === k).sort();
    return { low: own[0] ?? Number.NaN, high: own.at(-1) ?? Number.NaN };
  });
  return { groups, fourths };
}
