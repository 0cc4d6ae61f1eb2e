import type { Kernels, Offset } from '../kernels/kernels.ts';

/** Reflections that are applied to a row of eigenvectors while it is near. */
const REFLECTIONS = 16;
/** Sweeps of the QL method for one eigenvalue; two are usual. */
const MOST_SWEEPS = 50;

/** Places in one memory, float64: `a` and `z` [n × n], `v` and `work` [2n]. */
export interface EigenPlaces {
  n: number;
  /** The symmetric matrix, of which the lower half is read; it is used up. */
  a: Offset;
  /** Eigenvectors, a row each. */
  z: Offset;
  work: Offset;
}

/**
 * All eigenvalues, unordered, of a symmetric matrix, and eigenvectors: Householder's reduction to
 * tridiagonal form, then the implicit QL method (Golub and Van Loan: Matrix Computations, 8.3; EISPACK's
 * tred2 and tql2). About 9n³ operations. Squares of the elements must be normal numbers. A generator,
 * so that long work can be left: it yields between pieces of some milliseconds.
 */
export function* symmetricEigen(
  kernels: Kernels,
  memory: WebAssembly.Memory,
  { n, a, z, work }: EigenPlaces,
): Generator<void, Float64Array> {
  const diagonal = new Float64Array(n);
  /** At i: the element at (i, i − 1). */
  const beside = new Float64Array(n);
  const halves = new Float64Array(memory.buffer, work, n);
  yield* tridiagonalize();
  yield* reflect();
  yield* diagonalize();
  return diagonal;

  /** A ← P A P for reflections P = I − v vᵀ / h; v stays in row i of A, h in `halves`. */
  function* tridiagonalize(): Generator<void> {
    const p = new Float64Array(memory.buffer, work + n * 8, n);
    for (let i = n - 1; i >= 0; i--) {
      const row = new Float64Array(memory.buffer, a + i * n * 8, i + 1);
      diagonal[i] = row[i];
      if (i === 0) break;
      const v = row.subarray(0, i);
      let outer = 0;
      for (let k = 0; k < i - 1; k++) outer += v[k] * v[k];
      beside[i] = v[i - 1];
      if (outer === 0) continue;
      const square = outer + v[i - 1] * v[i - 1];
      const g = v[i - 1] > 0 ? -Math.sqrt(square) : Math.sqrt(square);
      const h = square - v[i - 1] * g;
      beside[i] = g;
      halves[i] = h;
      v[i - 1] -= g;
      kernels.symmetricProduct(i, n, a, row.byteOffset, p.byteOffset);
      let product = 0;
      for (let k = 0; k < i; k++) {
        p[k] /= h;
        product += p[k] * v[k];
      }
      for (let k = 0; k < i; k++) p[k] -= (product / (2 * h)) * v[k];
      kernels.rankTwoUpdate(i, n, a, row.byteOffset, p.byteOffset);
      yield;
    }
  }

  /** Z ← the rows of (P₂ … Pₙ₋₁)ᵀ, in which A is tridiagonal. */
  function* reflect(): Generator<void> {
    const vectors = new Float64Array(memory.buffer, z, n * n).fill(0);
    for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
    for (let from = 1; from < n; from += REFLECTIONS) {
      kernels.reflectRows(from, Math.min(n, from + REFLECTIONS), n, a, halves.byteOffset, z);
      yield;
    }
  }

  function* diagonalize(): Generator<void> {
    const rotations = new Float64Array(memory.buffer, work, 2 * n);
    beside.copyWithin(0, 1);
    beside[n - 1] = 0;
    const norm = diagonal.reduce(
      (most, d, i) => Math.max(most, Math.abs(d) + Math.abs(beside[i])),
      0,
    );
    // Numbers below the smallest normal one (the latter term) have few digits left.
    const negligible = Number.EPSILON * norm + Number.MIN_VALUE / Number.EPSILON;
    for (let first = 0; first < n; first++) {
      for (let sweep = 0; ; sweep++) {
        let last = first;
        while (last < n - 1 && Math.abs(beside[last]) > negligible) {
          last++;
        }
        if (last === first) break;
        if (sweep === MOST_SWEEPS) throw new Error('The eigenvalues do not converge.');
        const begun = sweepUp(diagonal, beside, first, last, rotations);
        kernels.rotateRows(begun, last, n, rotations.byteOffset, z);
        yield;
      }
    }
  }
}

/**
 * One implicit QL sweep with Wilkinson's shift over the block first … last of a tridiagonal matrix, of
 * which `e[i]` is the element beside (i, i + 1). Leaves the rotations; returns where they begin.
 */
function sweepUp(
  d: Float64Array,
  e: Float64Array,
  first: number,
  last: number,
  rotations: Float64Array,
): number {
  const half = (d[first + 1] - d[first]) / (2 * e[first]);
  const root = Math.sqrt(half * half + 1);
  let g = d[last] - d[first] + e[first] / (half + (half < 0 ? -root : root));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      // The block falls apart here.
      d[i + 1] -= p;
      e[last] = 0;
      return i + 1;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    rotations[2 * i] = c;
    rotations[2 * i + 1] = s;
  }
  d[first] -= p;
  e[first] = g;
  e[last] = 0;
  return first;
}
