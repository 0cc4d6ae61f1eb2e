import { describe, expect, test } from 'vitest';
import { filterAt, filtersOf } from '../../../../core/inspection/filters/filters.ts';
import { FILTER_ORDERS, normOf, orderOf } from '../../../../core/inspection/filters/order.ts';
import { fullRange, symmetricRange } from '../../../../core/inspection/filters/range.ts';
import { decodeWeights, encodeWeights } from '../../../../core/inspection/weight-codes.ts';
import { images, noise } from './images.ts';

describe('images out of weights', () => {
  /** A weight tells its place: pixel row, column, channel, unit. */
  function weights(height: number, width: number, channels: number, units: number): Float32Array {
    const values: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < channels; c++)
          for (let u = 0; u < units; u++) values.push(y * 1000 + x * 100 + c * 10 + u);
    return Float32Array.from(values);
  }

  test.each([
    { channels: 1, count: 4, perUnit: 1, index: 3, expected: [3, 103, 203, 1003, 1103, 1203] },
    { channels: 3, count: 4, perUnit: 1, index: 1, expected: [1, 11, 21, 101, 111, 121] },
    { channels: 2, count: 8, perUnit: 2, index: 5, expected: [12, 112, 212, 1012, 1112, 1212] },
    { channels: 4, count: 16, perUnit: 4, index: 3, expected: [30, 130, 230, 1030, 1130, 1230] },
  ])('$channels channels', ({ channels, count, perUnit, index, expected }) => {
    const layout = { height: 2, width: 3, channels, units: 4 };
    const filters = filtersOf(weights(2, 3, channels, 4), layout);
    expect(filters).toMatchObject({ height: 2, width: 3, count, perUnit });
    expect(filters.channels).toBe(channels === 3 ? 3 : 1);
    expect([...filterAt(filters, index).slice(0, 6)]).toEqual(expected);
    expect(filterAt(filters, count - 1)).toHaveLength(6 * filters.channels);
  });
});

describe('codes', () => {
  test('keep a value to within half a level, and say what is not finite', () => {
    const random = noise(3);
    const values = Float32Array.from({ length: 500 }, random);
    values[7] = Number.NaN;
    values[8] = Number.NEGATIVE_INFINITY;
    const coded = encodeWeights(values);
    const back = decodeWeights(coded);
    expect([back[7], back[8]]).toEqual([Number.NaN, Number.NaN]);
    const errors = [...values]
      .map((value, i) => Math.abs(value - back[i]!))
      .filter(Number.isFinite);
    expect(errors).toHaveLength(498);
    expect(Math.max(...errors)).toBeLessThan((coded.scale / 32767) * 0.51);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  test.each([
    ['all 0', [0, 0]],
    ['all NaN', [Number.NaN, Number.NaN]],
  ])('%s', (_, values) => {
    expect([...decodeWeights(encodeWeights(Float32Array.from(values)))]).toEqual(values);
  });
});

describe('ranges', () => {
  test.each([
    { values: [-3, 1], symmetric: [-3, 3], full: [-3, 1] },
    { values: [2, 5], symmetric: [-5, 5], full: [2, 5] },
    { values: [Number.NaN, Infinity, -1], symmetric: [-1, 1], full: [-1, -1] },
    { values: [Number.NaN], symmetric: [0, 0], full: [0, 0] },
    { values: [0, 0], symmetric: [0, 0], full: [0, 0] },
  ])('of $values', ({ values, symmetric, full }) => {
    const numbers = Float32Array.from(values);
    const both = [symmetricRange(numbers), fullRange(numbers)];
    // 0 and −0 are the same
    expect(both.map(({ low, high }) => [low + 0, high + 0])).toEqual([symmetric, full]);
  });
});

describe('orders', () => {
  const random = noise(5);
  // noise; large and smooth; nothing; small and smooth; NaN
  const some = images(
    5,
    [8, 8, 1],
    (image, _y, x) => [random(), 5 + x / 8, 0, 0.01, Number.NaN].at(image)!,
  );

  test.each([
    { by: 'unit', expected: [0, 1, 2, 3, 4] },
    { by: 'norm', expected: [1, 0, 3, 2, 4] },
    { by: 'smoothness', expected: [3, 1, 0, 2, 4] },
  ] as const)('by $by', ({ by, expected }) => {
    expect([...orderOf(some, by)]).toEqual(expected);
  });

  test('equals stay as they stand, and each is there once', () => {
    const equal = images(300, [2, 2, 3], () => 1);
    const numbers = [...Array(300).keys()];
    for (const by of FILTER_ORDERS) expect([...orderOf(equal, by)]).toEqual(numbers);
  });

  test('the norm leaves out what is not finite', () => {
    const odd = images(1, [1, 3, 1], (_i, _y, x) => [3, Number.NaN, 4].at(x)!);
    expect(normOf(odd, 0)).toBe(5);
    expect(normOf(some, 4)).toBeNaN();
  });
});
