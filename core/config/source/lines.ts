import type { Span } from './node.ts';

/** 0-based line and UTF-16 character, as editors count them, and the offset into the whole text. */
export interface Position {
  line: number;
  character: number;
  offset: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** Turns offsets into lines and characters. */
export class Lines {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (const { index, 0: ending } of text.matchAll(/\r\n|\r|\n/g)) {
      this.#starts.push(index + ending.length);
    }
  }

  position(offset: number): Position {
    offset = Math.min(Math.max(offset, 0), this.#length);
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { line: low, character: offset - this.#starts[low]!, offset };
  }

  range({ start, end }: Span): Range {
    return { start: this.position(start), end: this.position(end) };
  }
}
