import type { Offset } from '../kernels/kernels.ts';

/** Vectors, cache lines: every tensor starts at a multiple of this. */
const ALIGNMENT = 64;

/** A tensor's place in the arena: float32 values, padded with zeros to whole vectors. */
export interface Tensor {
  offset: Offset;
  /** Number of values. */
  size: number;
}

/** Hands out the arena's bytes, front to back; allocates nothing itself. */
export class ArenaLayout {
  // Offset 0 stands for "none".
  #end = ALIGNMENT;

  /** Total bytes reserved so far, with a margin for reads that run over the last vector. */
  get bytes(): number {
    return this.#end + 4 * ALIGNMENT;
  }

  reserve(bytes: number): Offset {
    const offset = this.#end;
    this.#end += Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    return offset;
  }

  tensor(size: number): Tensor {
    return { offset: this.reserve(size * 4), size };
  }
}
