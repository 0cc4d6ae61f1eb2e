import { instantiateKernels, type Kernels, supportedVariant } from '../../kernels/kernels.ts';
import { ArenaLayout } from '../../network/layout.ts';
import { allocateArena, floats } from '../../training/arena.ts';
import { symmetricEigen } from '../../training/eigen.ts';
import { GEMM_SCRATCH_BYTES } from '../../training/principal-axes.ts';
import type { Report } from './exploration.ts';

/** Rows that are multiplied at once; their products are added in float32, the rest in float64. */
const CHUNK = 256;

/** Centered features of examples, row by row. */
export interface Features {
  /** [count × width] */
  values: Float32Array;
  count: number;
  width: number;
}

/** Two coordinates of each example [count × 2], and which share of the variance is along each. */
export interface Components {
  points: Float64Array;
  explained: [number, number];
}

/** X Xᵀ [count × count]: the scalar products of all pairs. */
export function scalarProducts({ values, count, width }: Features, poll: () => void): Float64Array {
  const transposed = (feature: number, to: Float32Array) => {
    for (let i = 0; i < count; i++) to[i] = values[i * width + feature];
  };
  return new Symmetric(count).products(width, transposed, poll).slice();
}

/**
 * The two principal components: of all straight shadows in the plane the widest. X = U Σ Vᵀ; the points are
 * X V = U Σ, from the eigenvectors of XᵀX or of X Xᵀ, whichever is smaller.
 */
export function principalComponents(
  features: Features,
  report: Report,
  poll: () => void,
): Components {
  const { values, count, width } = features;
  if (width > count) return componentsOf(scalarProducts(features, poll), count, report, poll);
  const matrix = new Symmetric(width);
  matrix.products(count, (i, to) => to.set(values.subarray(i * width, (i + 1) * width)), poll);
  const { vectors, explained } = matrix.largest(report, poll);
  const points = new Float64Array(count * 2);
  for (const [axis, vector] of vectors.entries()) {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let k = 0; k < width; k++) sum += values[i * width + k] * vector[k];
      points[i * 2 + axis] = sum;
    }
  }
  return { points: upright(points), explained };
}

/** The same from the scalar products of all pairs. */
export function componentsOf(
  products: Float64Array,
  count: number,
  report: Report,
  poll: () => void,
): Components {
  const matrix = new Symmetric(count);
  matrix.set(products);
  const { vectors, values, explained } = matrix.largest(report, poll);
  const points = new Float64Array(count * 2);
  for (const [axis, vector] of vectors.entries()) {
    const length = Math.sqrt(Math.max(0, values[axis]));
    for (let i = 0; i < count; i++) points[i * 2 + axis] = length * vector[i];
  }
  return { points: upright(points), explained };
}

/** An axis has no direction: the point that is farthest out lies on the positive side. */
function upright(points: Float64Array): Float64Array {
  for (const axis of [0, 1]) {
    let farthest = 0;
    for (let i = axis; i < points.length; i += 2)
      if (Math.abs(points[i]) > Math.abs(farthest)) farthest = points[i];
    if (farthest < 0) for (let i = axis; i < points.length; i += 2) points[i] *= -1;
  }
  return points;
}

/** A symmetric matrix [n × n] in a memory of its own, with room for its eigenvectors. */
class Symmetric {
  readonly #n: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  readonly #rows: number;
  readonly #sums: number;
  readonly #matrix: number;
  readonly #vectors: number;
  readonly #work: number;
  readonly #scratch: number;

  constructor(n: number) {
    const layout = new ArenaLayout();
    this.#n = n;
    this.#rows = layout.tensor(CHUNK * n).offset;
    this.#sums = layout.tensor(n * n).offset;
    this.#matrix = layout.reserve(n * n * 8);
    this.#vectors = layout.reserve(n * n * 8);
    this.#work = layout.reserve(2 * n * 8);
    this.#scratch = layout.reserve(GEMM_SCRATCH_BYTES);
    this.#memory = allocateArena(layout.bytes);
    this.#kernels = instantiateKernels(this.#memory, supportedVariant());
  }

  set(matrix: Float64Array): void {
    this.#view(this.#matrix, matrix.length).set(matrix);
  }

  /** Makes it Σ over rows r of rᵀ r; `put` writes a row. */
  products(
    count: number,
    put: (row: number, to: Float32Array) => void,
    poll: () => void,
  ): Float64Array {
    const n = this.#n;
    const [x, c] = [this.#rows, this.#sums];
    for (let from = 0; from < count; from += CHUNK) {
      const rows = Math.min(CHUNK, count - from);
      for (let i = 0; i < rows; i++) put(from + i, floats(this.#memory, x + i * n * 4, n));
      this.#kernels.gemm(n, n, rows, x, 1, n, x, n, 1, c, n, 0, false, this.#scratch);
      this.#kernels.addWidened(n * n, c, this.#matrix);
      poll();
    }
    return this.#view(this.#matrix, n * n);
  }

  /** The two largest eigenvalues, their eigenvectors, and their shares of the sum. Uses the matrix up. */
  largest(report: Report, poll: () => void) {
    const n = this.#n;
    const places = { n, a: this.#matrix, z: this.#vectors, work: this.#work };
    const matrix = this.#view(this.#matrix, n * n);
    let trace = 0;
    for (let i = 0; i < n; i++) trace += matrix[i * n + i];
    const steps = symmetricEigen(this.#kernels, this.#memory, places);
    let step = steps.next();
    // A reflection for each row, and about two sweeps for each value.
    for (let done = 0; !step.done; done++) {
      report(Math.min(1, done / (3 * n)));
      poll();
      step = steps.next();
    }
    const values = step.value;
    const order = Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i] || i - j);
    const two = order.slice(0, 2);
    const share = (i: number | undefined) =>
      i === undefined || trace <= 0 ? 0 : Math.max(0, values[i]) / trace;
    return {
      values: two.map((i) => values[i]),
      vectors: two.map((i) => this.#view(this.#vectors + i * n * 8, n)),
      explained: [share(two[0]), share(two[1])] as [number, number],
    };
  }

  #view(offset: number, length: number): Float64Array {
    return new Float64Array(this.#memory.buffer, offset, length);
  }
}
