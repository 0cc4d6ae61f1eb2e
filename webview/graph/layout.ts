import { type Graph, usesOf } from '../../core/inspection/graph/graph.ts';

/** Pixels at scale 1. A node is RADIUS wide to both sides; behind it the wire is straight, for its numbers. */
export const RADIUS = 17;
export const WIRE = 54;
const COLUMN = 2 * RADIUS + WIRE + 40;
const ROW = 50;
/** Between lines that only pass by. */
const PASSING = 22;
const SWEEPS = 12;

export interface Point {
  x: number;
  y: number;
}

/** Where nodes stand, and where the line runs from each input of a node to it. */
export interface Layout {
  nodes: Point[];
  /** Of each node, of each of its inputs: where the line goes through, in pairs of entry and exit. */
  lines: Point[][][];
  width: number;
  height: number;
}

/** A place in a column: a node, or a line that passes. */
interface Place {
  /** −1 where a line passes. */
  node: number;
  left: Place[];
  right: Place[];
  column: number;
  y: number;
}

/**
 * Columns from left to right (Sugiyama, Tagawa and Toda 1981): every node behind all its inputs, those that
 * are given as near as possible; few crossings by the median of neighbours; then as straight as possible.
 */
export function layoutOf(graph: Graph): Layout {
  const { places, columns, routes } = placesOf(graph);
  for (let sweep = 0; sweep < SWEEPS; sweep++) order(columns, sweep % 2 === 0 ? 'left' : 'right');
  for (const column of columns) straighten(column, () => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const side = (['left', 'right', 'both'] as const)[sweep % 3]!;
    const inTurn = side === 'right' ? columns.toReversed() : columns;
    for (const column of inTurn) straighten(column, (place) => wish(place, side));
  }
  const all = columns.flat();
  const top = Math.min(...all.map(({ y }) => y)) - ROW / 2;
  const bottom = Math.max(...all.map(({ y }) => y)) + ROW / 2;
  for (const place of all) place.y -= top;
  const xOf = ({ column }: Place) => RADIUS + column * COLUMN;
  const exit = (place: Place) => ({ x: xOf(place) + RADIUS + WIRE, y: place.y });
  const lines = routes.map((ofNode, node) =>
    ofNode.map((route, k) => {
      const [source, ...passed] = route;
      const target = places[node]!;
      const through = passed.flatMap((place) => [
        { x: xOf(place) - RADIUS, y: place.y },
        exit(place),
      ]);
      const port = portOf(
        ofNode.map((each) => each.at(-1)!),
        k,
      );
      return [
        { x: xOf(source!) + RADIUS, y: source!.y },
        exit(source!),
        ...through,
        { x: xOf(target) - port.inset, y: target.y + port.y },
      ];
    }),
  );
  return {
    nodes: places.map((place) => ({ x: xOf(place), y: place.y })),
    lines,
    width: (columns.length - 1) * COLUMN + 2 * RADIUS + WIRE,
    height: bottom - top,
  };
}

function placesOf(graph: Graph) {
  const ranks = ranksOf(graph);
  const columns: Place[][] = Array.from({ length: Math.max(...ranks) + 1 }, () => []);
  const add = (node: number, column: number): Place => {
    const place = { node, left: [], right: [], column, y: 0 };
    columns[column]!.push(place);
    return place;
  };
  const places = graph.nodes.map((_, node) => add(node, ranks[node]!));
  const routes = graph.nodes.map(({ inputs }, node) =>
    inputs.map((input) => {
      const route = [places[input]!];
      for (let column = ranks[input]! + 1; column < ranks[node]!; column++)
        route.push(add(-1, column));
      for (const [i, place] of [...route, places[node]!].entries()) {
        const before = route[i - 1];
        if (!before) continue;
        before.right.push(place);
        place.left.push(before);
      }
      return route;
    }),
  );
  return { places, columns, routes };
}

/** The longest way to each node; what is given stands right before the first that needs it. */
function ranksOf(graph: Graph): number[] {
  const ranks: number[] = [];
  for (const { inputs } of graph.nodes)
    ranks.push(Math.max(0, ...inputs.map((input) => ranks[input]! + 1)));
  for (const [node, uses] of usesOf(graph).entries()) {
    if (graph.nodes[node]!.inputs.length > 0 || uses.length === 0) continue;
    ranks[node] = Math.min(...uses.map((use) => ranks[use.node]!)) - 1;
  }
  return ranks;
}

/** Each column by the mean place of its neighbours; equal ones stay in order. */
function order(columns: Place[][], side: 'left' | 'right'): void {
  for (const column of side === 'left' ? columns : columns.toReversed()) {
    const rank = new Map(column.map((place, i) => [place, barycentre(place[side], columns) ?? i]));
    column.sort((a, b) => rank.get(a)! - rank.get(b)!);
  }
}

function barycentre(neighbours: readonly Place[], columns: Place[][]): number | null {
  if (neighbours.length === 0) return null;
  const column = columns[neighbours[0]!.column]!;
  const sum = neighbours.reduce((all, place) => all + column.indexOf(place), 0);
  return sum / neighbours.length;
}

function wish({ left, right, y }: Place, side: 'left' | 'right' | 'both'): number {
  const neighbours = side === 'both' ? [...left, ...right] : side === 'left' ? left : right;
  if (neighbours.length === 0) return y;
  return neighbours.reduce((sum, place) => sum + place.y, 0) / neighbours.length;
}

/**
 * Puts a column's places in their order as near to what each wants as the distance between them allows:
 * the least squares of that, by pooling neighbours that are too near (isotonic regression).
 */
function straighten(column: readonly Place[], wants: (place: Place) => number): void {
  const offsets: number[] = [];
  for (const [i, place] of column.entries()) {
    const before = column[i - 1];
    const gap = before && before.node < 0 && place.node < 0 ? PASSING : ROW;
    offsets.push(before ? offsets[i - 1]! + gap : 0);
  }
  const blocks: { sum: number; count: number }[] = [];
  for (const [i, place] of column.entries()) {
    blocks.push({ sum: wants(place) - offsets[i]!, count: 1 });
    for (;;) {
      const [a, b] = blocks.slice(-2);
      if (!a || !b || a.sum / a.count <= b.sum / b.count) break;
      blocks.splice(-2, 2, { sum: a.sum + b.sum, count: a.count + b.count });
    }
  }
  let at = 0;
  for (const { sum, count } of blocks) {
    for (let i = 0; i < count; i++, at++) column[at]!.y = sum / count + offsets[at]!;
  }
}

/** Lines end on the circle's left half, in the order in which they come. */
function portOf(sources: readonly Place[], k: number): { inset: number; y: number } {
  const above = (i: number, j: number) => sources[i]!.y - sources[j]!.y || i - j;
  const rank = sources.filter((_, i) => above(i, k) < 0).length;
  const spread = Math.min(9, (1.4 * RADIUS) / sources.length);
  const y = (rank - (sources.length - 1) / 2) * spread;
  return { inset: Math.sqrt(RADIUS * RADIUS - y * y), y };
}
