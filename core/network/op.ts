/**
 * A call, or several, of a kernel with its operands fixed: a piece of a plan. It is cut into `parts`
 * that each take at most some milliseconds and do not depend on one another, so that a command can
 * be answered between them (and so that threads can share them).
 */
export interface Op {
  readonly name: string;
  readonly parts: number;
  /** Does part number `part` for the first `rows` examples of the batch. */
  run(part: number, rows: number): void;
}

/** Work in one part, in multiply-adds or in elements moved: about a millisecond to a few. */
const PART_WORK = 1 << 24;

/** An op that is quick enough to be one part. */
export function singleOp(name: string, run: (rows: number) => void): Op {
  return { name, parts: 1, run: (_part, rows) => run(rows) };
}

/** An op over `width` elements a row, cut into ranges of rows [from, from + count). */
export function rowsOp(
  name: string,
  capacity: number,
  width: number,
  run: (from: number, count: number) => void,
): Op {
  const rowsInPart = rowsInOnePart(width);
  return {
    name,
    parts: Math.ceil(capacity / rowsInPart),
    run(part, rows) {
      const from = part * rowsInPart;
      if (from < rows) run(from, Math.min(rowsInPart, rows - from));
    },
  };
}

/** How many rows of this much work make a part; a multiple of 4, so that parts start on a vector. */
export function rowsInOnePart(workOfRow: number): number {
  return Math.max(4, Math.floor(PART_WORK / Math.max(1, workOfRow) / 4) * 4);
}

/** How many columns of this much work make a part; a multiple of the 8 of a packed panel. */
export function columnsInOnePart(workOfColumn: number): number {
  return Math.max(8, Math.floor(PART_WORK / Math.max(1, workOfColumn) / 8) * 8);
}
