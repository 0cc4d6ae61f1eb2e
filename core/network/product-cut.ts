/** Extents of a product with the largest batch. */
export interface Most {
  rows: number;
  columns: number;
  depth: number;
}

/** How a product is cut into parts, of `rows` × `columns`, and into blocks of `depth`. */
export interface Cut extends Most {
  /** Each part packs the rows of A, or the columns of B, that it reads: (almost) nobody else does. */
  leftAlone: boolean;
  rightAlone: boolean;
  /** C is so small, and so deep, that parts are blocks of the depth, which are added up afterwards. */
  deep: boolean;
}

/** Fewer multiply-adds than this are not worth packing whole operands, nor a second thread. */
const SMALL = 1 << 19;
/** Deepest block that is packed: 448 × 8 floats of B and 448 × 6 of A share the first-level cache. */
export const MOST_DEPTH = 448;
/** Most rows of A that one part multiplies: 132 × 448 floats fit the second-level cache. */
export const MOST_ROWS = 132;
/** Fewest rows of A that are worth reading all of B for. */
const FEWEST_ROWS = 48;
/** Multiply-adds in one part of a product: some ten microseconds. */
const PART_WORK = 1 << 18;
/** Where C has no more values than this, it is rather the depth that is cut. */
const SMALL_OUTPUT = 1 << 13;
const DEEP_BLOCK = 256;
export const TILE_ROWS = 6;
export const PANEL = 8;

export function isSmall({ rows, columns, depth }: Most): boolean {
  return rows * columns * depth <= SMALL;
}

/** Pure arithmetic of the largest extents: the same whatever the batch at hand and the threads. */
export function cutOf({ rows, columns, depth }: Most): Cut {
  // Blocks of equal size: a last sliver would be all overhead.
  const blockDepth = evenly(depth, Math.ceil(depth / MOST_DEPTH), 4);
  if (rows > MOST_ROWS) {
    const wanted = (8 * PART_WORK) / (columns * blockDepth);
    const most = Math.min(MOST_ROWS, Math.max(FEWEST_ROWS, wanted));
    return {
      rows: evenly(rows, Math.ceil(rows / most), TILE_ROWS),
      columns,
      depth: blockDepth,
      leftAlone: true,
      rightAlone: false,
      deep: false,
    };
  }
  if (rows * columns <= SMALL_OUTPUT && depth >= 4 * DEEP_BLOCK) {
    return {
      rows,
      columns,
      depth: evenly(depth, Math.ceil(depth / DEEP_BLOCK), 4),
      leftAlone: true,
      rightAlone: true,
      deep: true,
    };
  }
  const parts = Math.max(1, Math.round((rows * columns * blockDepth) / PART_WORK));
  if (columns <= 4 * PANEL) {
    // So few columns are packed by every part for itself.
    return {
      rows: evenly(rows, Math.min(parts, Math.ceil(rows / FEWEST_ROWS)), TILE_ROWS),
      columns,
      depth: blockDepth,
      leftAlone: true,
      rightAlone: true,
      deep: false,
    };
  }
  const columnsInPart = evenly(columns, parts, PANEL * 4);
  return {
    rows,
    columns: columnsInPart,
    depth: blockDepth,
    leftAlone: columnsInPart >= columns,
    rightAlone: true,
    deep: false,
  };
}

/** The size of `parts` that cut `whole` evenly; a multiple of `unit`. */
function evenly(whole: number, parts: number, unit: number): number {
  return roundUp(Math.ceil(whole / parts), unit);
}

export function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
