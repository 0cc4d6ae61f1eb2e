import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../core/config/index.ts';
import { composePreprocessing, standardizeTargets } from '../../../core/data/preprocess.ts';
import { featureStatistics } from '../../../core/data/statistics.ts';

function measure(inputs: Float32Array | Uint8Array, features: number, rows?: number[]) {
  const count = inputs.length / features;
  const indices = Uint32Array.from(rows ?? Array.from({ length: count }, (_, i) => i));
  const store = { count, inputs, labels: null, targets: null };
  return featureStatistics({ store, indices }, features);
}

/** The textbook's two passes over the finite values. */
function twoPasses(values: number[]) {
  const finite = values.filter(Number.isFinite);
  const mean = finite.reduce((sum, x) => sum + x, 0) / finite.length;
  const std = Math.sqrt(finite.reduce((sum, x) => sum + (x - mean) ** 2, 0) / finite.length);
  return { mean, std, min: Math.min(...finite), max: Math.max(...finite) };
}

describe('statistics', () => {
  it.each([
    [
      'floats',
      (values: number[]) => Float32Array.from(values),
      fc.float({ min: -1e6, max: 1e6, noNaN: true }),
    ],
    ['bytes', (values: number[]) => Uint8Array.from(values), fc.nat(255)],
  ])('of %s agree with two passes', (_, make, value) => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 200 }), (values) => {
        const inputs = make(values.slice(0, values.length & ~1));
        const found = measure(inputs, 2);
        for (const j of [0, 1]) {
          const wanted = twoPasses([...inputs].filter((_, i) => i % 2 === j));
          const near = 1e-9 * Math.max(Math.abs(wanted.min), Math.abs(wanted.max), 1);
          expect(Math.abs(found.mean[j]! - wanted.mean)).toBeLessThanOrEqual(near);
          expect(Math.abs(found.std[j]! - wanted.std)).toBeLessThanOrEqual(near);
          expect([found.min[j], found.max[j]]).toEqual([wanted.min, wanted.max]);
        }
      }),
    );
  });

  it('keep their digits where the mean is large beside the spread', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 16_000_000 + (i % 2));
    const { mean, std } = measure(Float32Array.from(values), 1);
    expect([mean[0], std[0]]).toEqual([16_000_000.5, expect.closeTo(0.5, 9)]);
  });

  it('take only the rows of the part', () => {
    const { mean, max } = measure(Uint8Array.of(1, 9, 3, 9, 200, 9), 2, [0, 1]);
    expect([...mean, ...max]).toEqual([2, 9, 3, 9]);
  });

  it('leave out what is not finite, and count it', () => {
    const n = Number.NaN;
    const found = measure(Float32Array.of(1, n, n, n, Infinity, n, 3, n), 2);
    expect(found.nonFinite).toBe(6);
    expect([found.mean, found.std, found.min, found.max].map((column) => [...column])).toEqual([
      [2, n],
      [1, n],
      [1, n],
      [3, n],
    ]);
  });
});

describe('preprocessing', () => {
  const inputs = Float32Array.of(0, 5, 10, 4, 5, 30, 8, 5, 20);
  const apply = (steps: Config['data']['preprocess'], shape: number[] = [3], isBytes = false) => {
    const { offset, scale } = composePreprocessing(steps, measure(inputs, 3), shape, isBytes)!;
    return [...inputs].map((x, i) => (x - offset[i % 3]!) * scale[i % 3]!);
  };
  const z = Math.sqrt(1.5);
  it.each([
    ['center', ['center'], [-4, 0, -10, 0, 0, 10, 4, 0, 0]],
    ['standardize', ['standardize'], [-z, 0, -z, 0, 0, z, z, 0, 0]],
    ['scale', ['scale'], [0, 0, 0, 0.5, 0, 1, 1, 0, 0.5]],
    ['center, then scale', ['center', 'scale'], [-0.5, 0, -0.5, 0, 0, 0.5, 0.5, 0, 0]],
    ['scale, then center', ['scale', 'center'], [-0.5, 0, -0.5, 0, 0, 0.5, 0.5, 0, 0]],
    ['scale, then standardize', ['scale', 'standardize'], [-z, 0, -z, 0, 0, z, z, 0, 0]],
    ['standardize twice', ['standardize', 'standardize'], [-z, 0, -z, 0, 0, z, z, 0, 0]],
  ] as const)('%s', (_, steps, expected) => {
    apply([...steps]).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('scales an image by the range of all its pixels, bytes by 255', () => {
    const wanted = (unit: number) => [...inputs].map((x) => expect.closeTo(x / unit, 6));
    expect(apply(['scale'], [1, 3, 1])).toEqual(wanted(30));
    expect(apply(['scale'], [3], true)).toEqual(wanted(255));
  });

  it('leaves a feature alone of which no value is known', () => {
    const statistics = measure(Float32Array.of(Number.NaN, Number.NaN), 1);
    for (const step of ['center', 'standardize', 'scale'] as const) {
      const { offset, scale } = composePreprocessing([step], statistics, [1], false)!;
      expect([offset[0], scale[0]]).toEqual([0, 1]);
    }
  });

  it('is nothing without steps', () => {
    expect(composePreprocessing([], measure(inputs, 3), [3], false)).toBeNull();
  });

  // Means of the features 4, 5, 20.
  it.each([
    [['meanImage'], [1, 3, 1], [-4, 0, -10, 0, 0, 10, 4, 0, 0]],
    [['perChannel'], [1, 1, 3], [-4, 0, -10, 0, 0, 10, 4, 0, 0]],
    [['perChannel'], [1, 3, 1], [0, 5, 10, 4, 5, 30, 8, 5, 20].map((x) => x - 29 / 3)],
    [
      ['scale', 'perChannel'],
      [1, 3, 1],
      [0, 5, 10, 4, 5, 30, 8, 5, 20].map((x) => (x - 29 / 3) / 30),
    ],
    [
      ['perChannel', 'scale'],
      [1, 3, 1],
      [0, 5, 10, 4, 5, 30, 8, 5, 20].map((x) => (x - 29 / 3) / 30),
    ],
    [
      ['standardize', 'perChannel'],
      [1, 3, 1],
      [-z, 0, -z, 0, 0, z, z, 0, 0],
    ],
    [
      ['perChannel', 'standardize'],
      [1, 3, 1],
      [-z, 0, -z, 0, 0, z, z, 0, 0],
    ],
  ] as const)('of images: %j of %j', (steps, shape, expected) => {
    apply([...steps], [...shape]).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i]!, 5);
    });
  });

  it.each(['meanImage', 'perChannel'] as const)(
    '%s is refused where there are no images',
    (step) => {
      const refused = () => composePreprocessing(['scale', step], measure(inputs, 3), [3], false);
      expect(refused).toThrow(`${step} is for images, but an example here is a plain list of 3`);
      expect(refused).toThrow(
        expect.objectContaining({ place: { path: ['data', 'preprocess', 1] } }),
      );
    },
  );

  it('maps targets to mean 0 and standard deviation 1, a constant one to 0', () => {
    const store = {
      count: 3,
      inputs: new Float32Array(3),
      labels: null,
      targets: Float32Array.of(10, 7, 20, 7, 90, 7),
    };
    const part = { store, indices: Uint32Array.of(0, 1) };
    expect(standardizeTargets(part, 2)).toEqual({
      offset: Float32Array.of(15, 7),
      scale: Float32Array.of(1 / 5, 1),
    });
  });
});
