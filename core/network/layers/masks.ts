import { streamWords } from '../../data/random.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';

const TWO_32 = 2 ** 32;

/** The masks of a layer's steps: which of its values are dropped, and what the others are scaled by. */
export interface Masks {
  /**
   * y = x / (1 − rate) where a value is kept, else 0. Value i has word i of the random stream of this
   * layer and step: the mask does not depend on parts or threads. x, y and mask are those of the
   * whole tensor; `from` is a multiple of 16.
   */
  draw(from: number, count: number, step: number, x: Offset, y: Offset, mask: Offset): void;
  /** dx = dy / (1 − rate) where the mask has kept a value, else 0. */
  apply(from: number, count: number, mask: Offset, dy: Offset, dx: Offset): void;
}

/** Bytes of a mask: a bit a value, 16 at a time. */
export function maskBytes(values: number): number {
  return Math.ceil(values / 16) * 2;
}

export function masksOf(
  kernels: Kernels,
  rate: number,
  random: { seed: number; purpose: string },
  scratch: Offset,
): Masks {
  const [key0, key1, purpose] = streamWords(random.seed, random.purpose);
  const threshold = Math.round(rate * TWO_32);
  const scale = 1 / (1 - rate);
  return {
    draw: (from, count, step, x, y, mask) =>
      kernels.dropoutForward(
        from,
        count,
        threshold,
        scale,
        key0,
        key1,
        purpose,
        step,
        Math.floor(step / TWO_32),
        x + from * 4,
        y + from * 4,
        mask + from / 8,
        scratch,
      ),
    apply: (from, count, mask, dy, dx) =>
      kernels.dropoutBackward(count, scale, mask + from / 8, dy + from * 4, dx + from * 4),
  };
}
