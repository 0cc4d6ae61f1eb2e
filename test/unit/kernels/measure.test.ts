import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import {
  MEASURE_SCRATCH_BYTES,
  MEASUREMENT_BYTES,
} from '../../../core/training/measuring/places.ts';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 8, shared: true });
const [x, minus, scratch, to] = [64, 1 << 17, 1 << 18, 3 << 17];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** What is smaller counts as 0. */
const isZero = (value: number) => Math.abs(value) < 2 ** -129;
const upperBits = (value: number) =>
  new Uint32Array(Float32Array.of(isZero(value) ? 0 : value).buffer)[0]! >>> 20;

/** By the definition, in float64. */
function expected(values: number[], below = -inf, above = inf) {
  const finite = values.filter(Number.isFinite);
  const saturable = below > -inf || above < inf;
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
  const bins = new Map<number, number>();
  // Those of the eight octaves up to the largest.
  const octaves = finite.map((value) => (upperBits(value) & 0x7ff) >> 3);
  const first = Math.max(0, Math.max(...octaves) - 7) << 3;
  for (const bin of finite.map(upperBits))
    if ((bin & 0x7ff) >= first) bins.set(bin, (bins.get(bin) ?? 0) + 1);
  return {
    finite: finite.length,
    nan: values.filter(Number.isNaN).length,
    infinite: values.filter((value) => Math.abs(value) === inf).length,
    zero: finite.filter(isZero).length,
    saturated: values.filter((value) => saturable && (value <= below || value >= above)).length,
    mean,
    variance: finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length,
    min: Math.min(...finite) + 0,
    max: Math.max(...finite) + 0,
    bins,
  };
}

function found() {
  const numbers = new Float64Array(memory.buffer, to, 11);
  const [
    finite = 0,
    nans,
    infinite,
    zero,
    saturated,
    center = 0,
    sum = 0,
    squares = 0,
    min = 0,
    max = 0,
    first = 0,
  ] = numbers;
  const counts = [...new Uint32Array(memory.buffer, to + 128, 128)];
  const nameOf = (i: number) => (i < 64 ? 0x800 + first + i : first + i - 64);
  return {
    finite,
    nan: nans,
    infinite,
    zero,
    saturated,
    mean: center + sum / finite,
    variance: squares / finite - (sum / finite) ** 2,
    min: min + 0,
    max: max + 0,
    bins: new Map(counts.flatMap((count, i) => (count > 0 ? [[nameOf(i), count] as const] : []))),
  };
}

const put = (at: number, values: number[]) => new Float32Array(memory.buffer, at).set(values);

describe.each(['relaxed-simd', 'simd'] as const)('measure, %s', (variant) => {
  const kernels = instantiateKernels(memory, variant);

  function check(values: number[], below = -inf, above = inf) {
    put(x, [...values, 7e30, nan, 7e30]);
    new Uint8Array(memory.buffer, to, MEASUREMENT_BYTES).fill(99);
    kernels.measure(values.length, x, 0, below, above, scratch, to);
    const { mean, variance, bins, ...counted } = expected(values, below, above);
    const got = found();
    expect(got).toMatchObject(counted);
    expect(got.bins).toEqual(bins);
    if (counted.finite === 0) return;
    const size = Math.sqrt(variance) + Math.abs(counted.min) + Math.abs(counted.max);
    expect(Math.abs(got.mean - mean)).toBeLessThanOrEqual(1e-5 * size);
    expect(Math.abs(got.variance - variance)).toBeLessThanOrEqual(
      1e-4 * variance + 1e-9 * size ** 2,
    );
  }

  it('takes what it is given place for', () => {
    expect(kernels.measurementBytes()).toBe(MEASUREMENT_BYTES);
    expect(kernels.measureScratchBytes()).toBe(MEASURE_SCRATCH_BYTES);
  });

  it.each([
    ['one value', [3]],
    ['zeros of both signs', [0, -0, 0, -0, -0]],
    ['only NaN', [nan, nan, nan, nan, nan, nan]],
    ['infinities among numbers', [1, inf, -inf, 2, 3, -4, nan, 5]],
    ['a first value that is none', [nan, 1, 2, 3, 1, 2, 3]],
    [
      'the largest and the smallest',
      [3.4028234663852886e38, -3.4028234663852886e38, 1e-45, -1e-45],
    ],
    ['values whose squares are too large', [1, 2e30, -1e25, inf, 5, 4, 3, 2, -3e38, 7]],
    ['values far from 0', Array.from({ length: 5000 }, (_, i) => 1000 + (i % 7) / 1000)],
    ['more than one block', Array.from({ length: 9001 }, (_, i) => Math.sin(i) * 2 ** (i % 40))],
  ])('%s', (_name, values) => check(values.map(Math.fround)));

  it('any values', () => {
    const value = fc.float({ min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            { weight: 9, arbitrary: value },
            { weight: 1, arbitrary: fc.constantFrom(nan, inf, -inf) },
          ),
          {
            minLength: 1,
            maxLength: 40,
          },
        ),
        (values) => check(values, -1, 2),
      ),
    );
  });

  it.each([5, 6000])('of %d values what is saturated', (count) => {
    const values = Array.from({ length: count }, (_, i) => Math.fround(Math.tanh((i % 11) - 5)));
    check(values, -0.5, 0.5);
    check(values, Math.fround(Math.tanh(-2)));
    put(x, values);
    kernels.measure(count, x, 0, -inf, inf, scratch, to);
    kernels.measureSaturation(count, x, 0, to);
    expect(found().saturated).toBe(values.filter((each) => each <= 0).length);
  });

  it.each([7, 5003])('of %d differences', (count) => {
    const a = Array.from({ length: count }, (_, i) => Math.fround(Math.sin(i)));
    const b = Array.from({ length: count }, (_, i) =>
      Math.fround(i % 5 === 0 ? a[i]! : Math.cos(i)),
    );
    put(x, a);
    put(minus, b);
    kernels.measure(count, x, minus, -inf, inf, scratch, to);
    const { mean, variance, bins, ...counted } = expected(a.map((v, i) => Math.fround(v - b[i]!)));
    expect(found()).toMatchObject(counted);
    expect(found().bins).toEqual(bins);
    expect(found().mean).toBeCloseTo(mean, 6);
    expect(found().variance).toBeCloseTo(variance, 6);
  });

  it.each([1, 3, 4, 10])('counts how often each of %d units is above 0', (units) => {
    const rows = 9;
    const y = Array.from(
      { length: rows * units },
      (_, i) => [1, 0, -1, nan, 1e-30, -0][(i * 7) % 6]!,
    );
    put(x, y);
    const active = new Uint32Array(memory.buffer, to, units + 1).fill(5);
    kernels.countActive(rows, units, x, to);
    for (let unit = 0; unit < units; unit++) {
      const above = y.filter((value, i) => i % units === unit && value > 0).length;
      expect(active[unit]).toBe(5 + above);
    }
    expect(active[units]).toBe(5);
  });
});
