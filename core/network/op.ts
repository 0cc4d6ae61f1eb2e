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
  /**
   * The same for the examples [from, from + count) alone, where each depends on itself only: its largest
   * tensor has `width` values an example.
   */
  readonly byRows?: {
    readonly width: number;
    run(from: number, count: number, pass: Pass): void;
  };
}

/** Elements in one part: some ten microseconds, many times what it costs to share an op. */
const PART_ELEMENTS = 1 << 14;

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
    byRows: { width, run },
  };
}

/** An op over `rows` elements a column, cut into ranges of columns that begin on a cache line. */
export function columnsOp(
  name: string,
  rows: number,
  columns: number,
  run: (from: number, count: number, pass: Pass) => void,
): Op {
  const columnsInPart = Math.max(1, Math.floor(PART_ELEMENTS / rows / 16)) * 16;
  return {
    name,
    parts: Math.ceil(columns / columnsInPart),
    run(part, pass) {
      const from = part * columnsInPart;
      run(from, Math.min(columnsInPart, columns - from), pass);
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
      const from = part * PART_ELEMENTS;
      run(from, Math.min(PART_ELEMENTS, count - from), pass, part);
    },
  };
}

/** An `elementsOp` over all values of a batch of `width` a row, whatever row they are in. */
export function valuesOp(
  name: string,
  capacity: number,
  width: number,
  run: (from: number, count: number, pass: Pass) => void,
): Op {
  return elementsOp(name, capacity * width, (from, count, pass) => {
    const rest = pass.rows * width - from;
    if (rest > 0) run(from, Math.min(count, rest), pass);
  });
}

/** How many parts an `elementsOp` over so many values has. */
export function elementParts(count: number): number {
  return Math.ceil(count / PART_ELEMENTS);
}

/** The ranges [from, from + count) of these parts. */
export function elementRanges(count: number): { from: number; count: number }[] {
  return Array.from({ length: elementParts(count) }, (_, part) => {
    const from = part * PART_ELEMENTS;
    return { from, count: Math.min(PART_ELEMENTS, count - from) };
  });
}

/** How many rows of so many elements make a part; a multiple of 4, so that parts start on a vector. */
function rowsInOnePart(width: number): number {
  return Math.max(4, Math.floor(PART_ELEMENTS / Math.max(1, width) / 4) * 4);
}
