import type { Offset } from '../kernels/kernels.ts';
import { type Lifetime, placeLifetimes } from './lifetimes.ts';

/** Vectors, cache lines: every tensor starts at a multiple of this. */
const ALIGNMENT = 64;

/** A tensor's place in the arena: float32 values, padded with zeros to whole vectors. */
export interface Tensor {
  offset: Offset;
  /** Number of values. */
  size: number;
}

/** Values that are needed for a part of a step only: from one moment to another, both included. */
export interface Passing {
  size: number;
  from: number;
  to: number;
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
    this.#end += aligned(bytes);
    return offset;
  }

  tensor(size: number): Tensor {
    return { offset: this.reserve(size * 4), size };
  }

  /** Tensors that share bytes where one is needed only after another no longer is. */
  passingTensors(wanted: readonly Passing[]): Tensor[] {
    const lifetimes: Lifetime[] = wanted.map(({ size, from, to }) => ({
      bytes: aligned(size * 4),
      from,
      to,
    }));
    const { offsets, bytes } = placeLifetimes(lifetimes);
    const start = this.reserve(bytes);
    return wanted.map(({ size }, i) => ({ offset: start + offsets[i], size }));
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
