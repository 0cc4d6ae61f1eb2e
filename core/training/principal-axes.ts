import type { Dataset, ExampleStore } from '../data/dataset.ts';
import { featureStatistics } from '../data/statistics.ts';
import { UserError } from '../events/user-error.ts';
import {
  instantiateKernels,
  type Kernels,
  type Offset,
  supportedVariant,
} from '../kernels/kernels.ts';
import { sizeOf } from '../network/layers/layer.ts';
import { ArenaLayout } from '../network/layout.ts';
import { allocateArena, floats } from './arena.ts';
import { symmetricEigen } from './eigen.ts';

/** More than the matrix product needs: a test asks it. */
export const GEMM_SCRATCH_BYTES = 192 * 1024;
/** Examples that are multiplied at once; their products are added in float32, the rest in float64. */
const CHUNK = 256;
/** The eigenvalues of more features take many minutes, and their matrices gigabytes. */
const MAXIMUM_FEATURES = 4096;
/** Keeps the division by the spread finite along axes that have almost none. */
const EPSILON = 1e-5;
/** A variance below this part of the whole is rounding error. */
const ROUNDING = 1e-12;
/** Long work lets the event loop turn this often. */
const SLICE_MS = 16;

const KEY = { path: ['data', 'preprocess'] };

/**
 * Turns all inputs onto the principal axes of the training part, the one of the largest variance
 * first: y = Vᵀ(x − mean), where the columns of V are the eigenvectors of the covariance; for `whiten`
 * yᵢ / √(varianceᵢ + 1e-5). An axis without variance keeps its unit. The data set that comes back has
 * float inputs of the same shape and nothing left to preprocess.
 *
 * Throws UserError where it cannot be done, and the signal's reason when nobody wants it any more.
 */
export async function rotateInputs(dataset: Dataset, signal?: AbortSignal): Promise<Dataset> {
  const { rotation, statistics } = dataset;
  if (rotation === null) return dataset;
  const features = sizeOf(dataset.shape);
  if (features > MAXIMUM_FEATURES) {
    throw new UserError(
      `${rotation} is for at most ${MAXIMUM_FEATURES.toLocaleString('en-US')} features, as its time grows with their cube; here are ${features.toLocaleString('en-US')}. Use standardize, or smaller images.`,
      KEY,
    );
  }
  if (statistics.nonFinite > 0) {
    throw new UserError(
      `${rotation} mixes all features, so that none may be missing or infinite: ${statistics.nonFinite.toLocaleString('en-US')} values of the training part are.`,
      KEY,
    );
  }
  const axes = new Axes(dataset, features);
  const turn = turner(signal);
  await axes.find(turn);
  const stores = new Map<ExampleStore, ExampleStore>();
  for (const part of [dataset.train, dataset.validation]) {
    if (part && !stores.has(part.store))
      stores.set(part.store, await axes.rotate(part.store, turn));
  }
  const train = { ...dataset.train, store: stores.get(dataset.train.store)! };
  if (rotation === 'whiten') divideBySpread(train, features, stores.values());
  const { validation } = dataset;
  return {
    ...dataset,
    train,
    validation: validation && { ...validation, store: stores.get(validation.store)! },
    preprocessing: null,
    rotation: null,
  };
}

/** Waits for the event loop once in a while, and ends the work when the signal says so. */
function turner(signal: AbortSignal | undefined): () => Promise<void> | void {
  let sliceEnd = performance.now() + SLICE_MS;
  return async () => {
    if (performance.now() < sliceEnd) return;
    await new Promise(setImmediate);
    signal?.throwIfAborted();
    sliceEnd = performance.now() + SLICE_MS;
  };
}

class Axes {
  readonly #dataset: Dataset;
  readonly #features: number;
  readonly #memory: WebAssembly.Memory;
  readonly #kernels: Kernels;
  /** [CHUNK × features] centered examples, and their rotated ones. */
  readonly #inputs: Offset;
  readonly #outputs: Offset;
  /** [features × features], float32: products of a chunk, then V. */
  readonly #matrix: Offset;
  readonly #covariance: Offset;
  readonly #vectors: Offset;
  readonly #work: Offset;
  readonly #scratch: Offset;

  constructor(dataset: Dataset, features: number) {
    const variant = supportedVariant();
    const layout = new ArenaLayout();
    this.#dataset = dataset;
    this.#features = features;
    this.#inputs = layout.tensor(CHUNK * features).offset;
    this.#outputs = layout.tensor(CHUNK * features).offset;
    this.#matrix = layout.tensor(features * features).offset;
    this.#covariance = layout.reserve(features * features * 8);
    this.#vectors = layout.reserve(features * features * 8);
    this.#work = layout.reserve(2 * features * 8);
    this.#scratch = layout.reserve(GEMM_SCRATCH_BYTES);
    this.#memory = allocateArena(layout.bytes);
    this.#kernels = instantiateKernels(this.#memory, variant);
  }

  /** Leaves V, whose columns are the eigenvectors of the covariance of the training part. */
  async find(turn: () => Promise<void> | void): Promise<void> {
    const n = this.#features;
    const { store, indices } = this.#dataset.train;
    for (let from = 0; from < indices.length; from += CHUNK) {
      const rows = indices.subarray(from, from + CHUNK);
      this.#fill(store, rows);
      const [x, c] = [this.#inputs, this.#matrix];
      this.#kernels.gemm(n, n, rows.length, x, 1, n, x, n, 1, c, n, 0, false, this.#scratch);
      this.#kernels.addWidened(n * n, c, this.#covariance);
      await turn();
    }
    const covariance = new Float64Array(this.#memory.buffer, this.#covariance, n * n);
    for (let i = 0; i < covariance.length; i++) covariance[i]! /= indices.length;
    const places = { n, a: this.#covariance, z: this.#vectors, work: this.#work };
    const steps = symmetricEigen(this.#kernels, this.#memory, places);
    let step = steps.next();
    while (!step.done) {
      await turn();
      step = steps.next();
    }
    this.#order(step.value);
  }

  /** V from the eigenvectors: largest value first, the largest component of each positive. */
  #order(values: Float64Array): void {
    const n = this.#features;
    const rows = Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i] || i - j);
    const vectors = new Float64Array(this.#memory.buffer, this.#vectors, n * n);
    const v = floats(this.#memory, this.#matrix, n * n);
    for (const [column, row] of rows.entries()) {
      const vector = vectors.subarray(row * n, row * n + n);
      const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
      const sign = largest < 0 ? -1 : 1;
      for (let k = 0; k < n; k++) v[k * n + column] = sign * vector[k];
    }
  }

  async rotate(store: ExampleStore, turn: () => Promise<void> | void): Promise<ExampleStore> {
    const n = this.#features;
    const inputs = new Float32Array(store.count * n);
    for (let from = 0; from < store.count; from += CHUNK) {
      const count = Math.min(CHUNK, store.count - from);
      this.#fill(
        store,
        Uint32Array.from({ length: count }, (_, i) => from + i),
      );
      const [x, y] = [this.#inputs, this.#outputs];
      this.#kernels.gemm(count, n, n, x, n, 1, this.#matrix, n, 1, y, n, 0, false, this.#scratch);
      inputs.set(floats(this.#memory, y, count * n), from * n);
      await turn();
    }
    return { ...store, inputs };
  }

  /** (x − mean) · scale: what the steps before make of it, centered. */
  #fill({ inputs }: ExampleStore, rows: Uint32Array): void {
    const n = this.#features;
    const { mean } = this.#dataset.statistics;
    const scale = this.#dataset.preprocessing?.scale;
    const to = floats(this.#memory, this.#inputs, CHUNK * n);
    for (const [i, row] of rows.entries()) {
      for (let j = 0; j < n; j++) {
        to[i * n + j] = (inputs[row * n + j] - mean[j]) * (scale ? scale[j] : 1);
      }
    }
  }
}

/** The spread is that of the rotated values themselves, so that it becomes 1 exactly. */
function divideBySpread(
  train: Dataset['train'],
  features: number,
  stores: Iterable<ExampleStore>,
): void {
  const variance = featureStatistics(train, features).std.map((std) => std * std);
  const least = ROUNDING * variance.reduce((sum, value) => sum + value, 0);
  const factor = variance.map((value) => (value > least ? 1 / Math.sqrt(value + EPSILON) : 1));
  for (const { inputs } of stores) {
    for (let i = 0; i < inputs.length; i++) inputs[i]! *= factor[i % features];
  }
}
