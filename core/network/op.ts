/** What differs from one pass over the plan to the next. Every thread has a copy. */
export interface Pass {
  /** Examples in the batch. */
  rows: number;
  /** Where the batch begins in the visiting order of its part of the data. */
  position: number;
  /** Completed updates. With the seed and a purpose, the key of random numbers. */
  step: number;
  learningRate: number;
}

/**
 * A call, or several, of a kernel with its operands fixed: a piece of a plan. It is cut into `parts`
 * that each take at most some milliseconds, do not depend on one another, and are the same whatever
 * the number of threads: so a command can be answered between them, and threads can share them.
 */
export interface Op {
  readonly name: string;
  readonly parts: number;
  run(part: number, pass: Pass): void;
}

/** Work in one part, in multiply-adds or in elements moved: about a millisecond to a few. */
const PART_WORK = 1 << 24;

/** An op that is quick enough to be one part. */
export function singleOp(name: string, run: (pass: Pass) => void): Op {
  return { name, parts: 1, run: (_part, pass) => run(pass) };
}

/** An op over `width` elements a row, cut into ranges of rows [from, from + count). */
export function rowsOp(
  name: string,
  capacity: number,
  width: number,
  run: (from: number, count: number, pass: Pass) => void,
): Op {
  const rowsInPart = rowsInOnePart(width);
  return {
    name,
    parts: Math.ceil(capacity / rowsInPart),
    run(part, pass) {
      const from = part * rowsInPart;
      if (from < pass.rows) run(from, Math.min(rowsInPart, pass.rows - from), pass);
    },
  };
}

/** An op over `count` values, cut into ranges [from, from + count) that begin on a cache line. */
export function elementsOp(
  name: string,
  count: number,
  run: (from: number, count: number, pass: Pass, part: number) => void,
): Op {
  return {
    name,
    parts: elementParts(count),
    run(part, pass) {
      const from = part * ELEMENTS_IN_PART;
      run(from, Math.min(ELEMENTS_IN_PART, count - from), pass, part);
    },
  };
}

const ELEMENTS_IN_PART = 1 << 16;

/** How many parts an `elementsOp` over so many values has. */
export function elementParts(count: number): number {
  return Math.ceil(count / ELEMENTS_IN_PART);
}

/** How many rows of this much work make a part; a multiple of 4, so that parts start on a vector. */
export function rowsInOnePart(workOfRow: number): number {
  return Math.max(4, Math.floor(PART_WORK / Math.max(1, workOfRow) / 4) * 4);
}

/** How many columns of this much work make a part; a multiple of the 8 of a packed panel. */
export function columnsInOnePart(workOfColumn: number): number {
  return Math.max(8, Math.floor(PART_WORK / Math.max(1, workOfColumn) / 8) * 8);
}
