import { RandomStream } from '../../data/index.ts';
import type { Sampler } from './sampler.ts';

/**
 * Sobol' sequences (Sobol', 1967), with the direction numbers of S. Joe and F. Y. Kuo, "Constructing Sobol
 * sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2008: of each dimension
 * after the first the degree s of its primitive polynomial, the coefficients a between its ends, and m₁…m_s.
 */
const POLYNOMIALS: readonly (readonly [a: number, m: readonly number[]])[] = [
  [0, [1]],
  [1, [1, 3]],
  [1, [1, 3, 1]],
  [2, [1, 1, 1]],
  [1, [1, 1, 3, 3]],
  [4, [1, 3, 5, 13]],
  [2, [1, 1, 5, 5, 17]],
  [4, [1, 1, 5, 5, 5]],
  [7, [1, 1, 7, 11, 19]],
  [11, [1, 1, 5, 1, 1]],
  [13, [1, 1, 1, 3, 11]],
  [14, [1, 3, 5, 5, 31]],
  [1, [1, 3, 3, 9, 7, 49]],
  [13, [1, 1, 1, 15, 21, 21]],
  [16, [1, 3, 1, 13, 27, 49]],
  [19, [1, 1, 1, 15, 7, 5]],
  [22, [1, 3, 1, 15, 13, 25]],
  [25, [1, 1, 5, 5, 19, 61]],
  [1, [1, 3, 7, 11, 23, 15, 103]],
  [4, [1, 3, 7, 13, 13, 15, 69]],
];
const BITS = 32;
const TWO_32 = 2 ** 32;

/** v₁…v₃₂ of a dimension, each a fraction in units of 2⁻³². */
function directions(dimension: number): Uint32Array {
  const v = new Uint32Array(BITS);
  const [a, m] = POLYNOMIALS[dimension - 1] ?? [0, []];
  if (dimension === 0) {
    for (let k = 0; k < BITS; k++) v[k] = 1 << (BITS - 1 - k);
    return v;
  }
  const s = m.length;
  for (let k = 0; k < s; k++) v[k] = m[k]! << (BITS - 1 - k);
  for (let k = s; k < BITS; k++) {
    let next = v[k - s]! ^ (v[k - s]! >>> s);
    for (let j = 1; j < s; j++) if ((a >> (s - 1 - j)) & 1) next ^= v[k - j]!;
    v[k] = next;
  }
  return v;
}

/** A coordinate of the point number `index`: the directions of the bits of its Gray code, added. */
function coordinate(v: Uint32Array, index: number): number {
  let sum = 0;
  let gray = index ^ (index >>> 1);
  for (let k = 0; gray !== 0; k++, gray >>>= 1) if (gray & 1) sum ^= v[k]!;
  return sum >>> 0;
}

/**
 * Points that fill the cube evenly. Each dimension is shifted (its bits are flipped) at random, by seed and
 * stage, which keeps how even they are: the first point is not always a corner.
 */
export const sobol: Sampler = ({ space, seed, stage, first, count }) => {
  const stream = new RandomStream(seed, 'sweep sobol', stage);
  const shifts = space.map(() => stream.uint32());
  const all = space.map((_, d) => directions(d));
  return Array.from({ length: count }, (_, i) =>
    all.map((v, d) => ((coordinate(v, first + i) ^ shifts[d]!) >>> 0) / TWO_32),
  );
};
