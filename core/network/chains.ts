import type { Op } from './op.ts';

/** Floats of a row's widest tensor, for all rows of a part: they stay in the second-level cache. */
const MOST_FLOATS = 1 << 16;
/** Parts that a chain has at least, if the batch is large enough; of fewer rows none is made. */
const FEWEST_PARTS = 16;
const FEWEST_ROWS = 8;

/** An op of a layer, in the order of a pass. */
export interface LayerOp {
  op: Op;
  layer: number;
}

/**
 * Ops that follow one another example by example run together, some examples at a time: what one writes
 * the next finds in the cache. `mayJoin` says whether an op of a layer may run before those of these layers
 * have seen the whole batch.
 */
export function chainOps(
  ops: readonly LayerOp[],
  capacity: number,
  mayJoin: (layers: readonly number[], layer: number) => boolean,
): Op[] {
  const chained: Op[] = [];
  let group: LayerOp[] = [];
  const flush = () => {
    if (group.length > 0) chained.push(joined(group, capacity));
    group = [];
  };
  for (const each of ops) {
    const fits = each.op.byRows && each.op.byRows.width <= MOST_FLOATS && capacity >= FEWEST_ROWS;
    const layers = group.map(({ layer }) => layer);
    if (!fits || !mayJoin(layers, each.layer)) flush();
    if (fits) group.push(each);
    else chained.push(each.op);
  }
  flush();
  return chained;
}

function joined(group: readonly LayerOp[], capacity: number): Op {
  const [{ op: first }] = group;
  if (group.length === 1) return first;
  const all = group.map(({ op }) => op.byRows!);
  const widest = Math.max(...all.map(({ width }) => width));
  // Kernels write whole vectors: a part ends on one. Multiples of 1, 2 and 4 all do.
  const unit = Math.max(...all.map(({ width }) => (width % 4 === 0 ? 1 : width % 2 === 0 ? 2 : 4)));
  const most = Math.min(MOST_FLOATS / widest, capacity / FEWEST_PARTS);
  const rowsInPart = Math.max(1, Math.floor(most / unit)) * unit;
  return {
    name: group.map(({ op }) => op.name).join(', '),
    parts: Math.ceil(capacity / rowsInPart),
    run(part, pass) {
      const from = part * rowsInPart;
      const count = Math.min(rowsInPart, pass.rows - from);
      if (count <= 0) return;
      for (const { run } of all) run(from, count, pass);
    },
  };
}
