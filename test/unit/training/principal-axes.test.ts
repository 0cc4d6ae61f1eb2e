import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { featureStatistics } from '../../../core/data/statistics.ts';
import type { KernelVariant } from '../../../core/events/run-event.ts';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { allocateArena } from '../../../core/training/arena.ts';
import { symmetricEigen } from '../../../core/training/eigen.ts';
import { GEMM_SCRATCH_BYTES, rotateInputs } from '../../../core/training/principal-axes.ts';
import { datasetOf } from './fixtures.ts';

/** Eigenvalues and eigenvectors (rows) of a symmetric matrix. */
function eigen(matrix: readonly number[], n: number, variant: KernelVariant = 'simd') {
  const memory = allocateArena(64 + 16 * n * n + 16 * n);
  const [a, z, work] = [64, 64 + 8 * n * n, 64 + 16 * n * n];
  new Float64Array(memory.buffer, a, n * n).set(matrix);
  const steps = symmetricEigen(instantiateKernels(memory, variant), memory, { n, a, z, work });
  let step = steps.next();
  while (!step.done) step = steps.next();
  return { values: step.value, vectors: new Float64Array(memory.buffer, z, n * n) };
}

function expectEigen(matrix: readonly number[], n: number, variant: KernelVariant): void {
  const { values, vectors } = eigen(matrix, n, variant);
  const size = Math.max(1e-300, ...matrix.map(Math.abs));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let product = 0;
      let image = 0;
      for (let k = 0; k < n; k++) {
        product += vectors[i * n + k] * vectors[j * n + k];
        image += matrix[Math.max(j, k) * n + Math.min(j, k)] * vectors[i * n + k];
      }
      expect(product).toBeCloseTo(i === j ? 1 : 0, 10);
      // A v = λ v, component j.
      expect(image / size).toBeCloseTo((values[i] * vectors[i * n + j]) / size, 10);
    }
  }
}

describe.each(['simd', 'relaxed-simd'] as const)('eigenvectors, %s', (variant) => {
  const element = fc
    .double({ min: -1e3, max: 1e3, noNaN: true })
    .map((x) => (Math.abs(x) < 1e-100 ? 0 : x));
  it('are orthonormal, and A v = λ v, of any symmetric matrix', () => {
    const matrix = fc.integer({ min: 1, max: 12 }).chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.array(fc.oneof(fc.constant(0), element), {
          minLength: n * n,
          maxLength: n * n,
        }),
      ),
    );
    fc.assert(fc.property(matrix, ([n, values]) => expectEigen(values, n, variant)));
  });

  it.each([
    ['zeros', 5, () => 0],
    ['the unit matrix', 6, (i: number, j: number) => (i === j ? 1 : 0)],
    ['rank one', 7, (i: number, j: number) => (i + 1) * (j + 1)],
    ['equal values', 8, () => 1],
    ['huge and tiny', 6, (i: number, j: number) => (i === j ? 10 ** (6 * i - 15) : 0)],
    ['tridiagonal', 40, (i: number, j: number) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)],
    ['Hilbert', 20, (i: number, j: number) => 1 / (i + j + 1)],
  ])('of %s', (_, n, element) => {
    const matrix = Array.from({ length: n * n }, (_, k) => element(Math.floor(k / n), k % n));
    expectEigen(matrix, n, variant);
  });

  it('of the second difference are the sines of the textbook', () => {
    const n = 50;
    const matrix = Array.from({ length: n * n }, (_, k) => {
      const distance = Math.abs(Math.floor(k / n) - (k % n));
      return distance === 0 ? 2 : distance === 1 ? -1 : 0;
    });
    const values = [...eigen(matrix, n, variant).values].sort((x, y) => x - y);
    for (const [i, value] of values.entries()) {
      expect(value).toBeCloseTo(4 * Math.sin(((i + 1) * Math.PI) / (2 * (n + 1))) ** 2, 12);
    }
  });
});

/** Correlated features about (100, 200, …), the last of them always 7; of 600 rows 100 validate. */
function correlated(features: number, bytes = false) {
  const random = new RandomStream(3, 'correlated');
  const count = 600;
  const values = Array.from({ length: count }, () => {
    const common = random.normal();
    return Array.from({ length: features }, (_, j) =>
      j === features - 1 ? 7 : 100 + 20 * common + (j + 1) * random.normal(),
    );
  }).flat();
  const inputs = bytes ? Uint8Array.from(values) : Float32Array.from(values);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const dataset = datasetOf({ inputs, shape: [features], labels, outputs: 2, validation: 100 });
  const statistics = { ...dataset.statistics, ...featureStatistics(dataset.train, features) };
  return { ...dataset, statistics };
}

function covariance({ store, indices }: ReturnType<typeof correlated>['train'], n: number) {
  const result = new Float64Array(n * n);
  for (const row of indices) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        result[i * n + j] +=
          (store.inputs[row * n + i] * store.inputs[row * n + j]) / indices.length;
      }
    }
  }
  return result;
}

describe('inputs on principal axes', () => {
  const n = 6;
  it.each([false, true])(
    'are uncorrelated, the largest variance first; of bytes: %s',
    async (bytes) => {
      const dataset = correlated(n, bytes);
      const rotated = await rotateInputs({ ...dataset, rotation: 'pca' });
      expect(rotated).toMatchObject({ shape: [n], rotation: null, preprocessing: null });
      expect(rotated.validation!.store).toBe(rotated.train.store);
      const matrix = covariance(rotated.train, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          expect(Math.abs(matrix[i * n + j])).toBeLessThan(1e-5 * matrix[0]);
        }
        if (i > 0) expect(matrix[i * n + i]).toBeLessThanOrEqual(matrix[(i - 1) * n + i - 1]);
      }
      // A rotation keeps lengths: of the training part's mean square distance from the mean.
      const total = dataset.statistics.std.reduce((sum, std) => sum + std * std, 0);
      const kept = Array.from({ length: n }, (_, i) => matrix[i * n + i]).reduce((a, b) => a + b);
      expect(kept / total).toBeCloseTo(1, 5);
      // The common part makes the first axis, whose components are all positive.
      expect(matrix[0] / total).toBeGreaterThan(0.9);
      expect(matrix[n * n - 1]).toBeLessThan(1e-6);
    },
  );

  it('have variance 1 when whitened, but 0 where there is none', async () => {
    const { train } = await rotateInputs({ ...correlated(n), rotation: 'whiten' });
    const matrix = covariance(train, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const expected = i === j && i < n - 1 ? 1 : 0;
        expect(matrix[i * n + j]).toBeCloseTo(expected, 3);
      }
    }
  });

  it('come after the steps before: whitening forgets the units of standardized features', async () => {
    const dataset = correlated(n);
    const scale = Float32Array.from(dataset.statistics.std, (std) => (std > 0 ? 1 / std : 1));
    const offset = Float32Array.from(dataset.statistics.mean);
    const rotated = await rotateInputs({
      ...dataset,
      preprocessing: { offset, scale },
      rotation: 'pca',
    });
    const matrix = covariance(rotated.train, n);
    const total = Array.from({ length: n }, (_, i) => matrix[i * n + i]).reduce((a, b) => a + b);
    expect(total).toBeCloseTo(n - 1, 3);
  });

  it('are those of the training part only, and the same bits each time', async () => {
    const dataset = correlated(n);
    const { inputs } = dataset.train.store;
    const other = { ...dataset.train.store, inputs: inputs.slice().fill(5, 500 * n) };
    const changed = {
      ...dataset,
      train: { ...dataset.train, store: other },
      validation: { ...dataset.validation!, store: other },
    };
    const [a, b] = await Promise.all(
      [dataset, changed].map((each) => rotateInputs({ ...each, rotation: 'whiten' })),
    );
    expect(b.train.store.inputs.subarray(0, 500 * n)).toEqual(
      a.train.store.inputs.subarray(0, 500 * n),
    );
  });

  it('are refused where values are missing, and of too many features', async () => {
    const dataset = correlated(n);
    const refusal = (part: Partial<typeof dataset>) =>
      expect(rotateInputs({ ...dataset, rotation: 'pca', ...part })).rejects;
    await refusal({ statistics: { ...dataset.statistics, nonFinite: 3 } }).toThrow(
      /pca mixes all features, so that none may be missing or infinite: 3 values/,
    );
    await refusal({ shape: [64, 64, 3] }).toThrow(/at most 4,096 features.*here are 12,288/);
  });

  it('are no longer looked for when nobody wants them', async () => {
    const wide = correlated(300);
    const abort = new AbortController();
    const rotating = rotateInputs({ ...wide, rotation: 'whiten' }, abort.signal);
    setTimeout(() => abort.abort(), 1);
    await expect(rotating).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leave alone a data set that is not to be rotated', async () => {
    const dataset = correlated(2);
    expect(await rotateInputs(dataset)).toBe(dataset);
  });

  it('have room enough for the matrix product', () => {
    const kernels = instantiateKernels(allocateArena(64), 'simd');
    expect(kernels.gemmScratchBytes()).toBeLessThanOrEqual(GEMM_SCRATCH_BYTES);
  });
});
