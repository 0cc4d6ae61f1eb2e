import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Histogram,
  HistogramColumns,
  unpackHistograms,
} from '../../../core/events/histogram.ts';
import { bucketsOf } from '../../../core/runs/histogram-buckets.ts';
import { ThinnedMoments } from '../../../core/runs/thinned-moments.ts';

function rangeOf(values: number[]) {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  return { count: values.length, min, max };
}

function histogram(values: number[]): Histogram {
  const columns = new HistogramColumns(1);
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  columns.add(rangeOf(values), (counts, first, negative) => {
    for (const value of values) {
      float[0] = Math.abs(value);
      const i = (bits[0]! >>> 20) - first;
      if (value < 0 === negative && i >= 0) counts[i]!++;
    }
  });
  return unpackHistograms(columns.take())[0]!;
}

function rows(values: number[]): number[][] {
  const buckets = bucketsOf(histogram(values), rangeOf(values));
  return Array.from({ length: buckets.length / 3 }, (_, i) => [
    ...buckets.subarray(3 * i, 3 * i + 3),
  ]);
}

test.each([
  ['values that are all the same', [0.25, 0.25, 0.25], [[-0.25, 0.75, 3]]],
  ['zeros only', [0, 0], [[-0.5, 0.5, 2]]],
  ['two values of one bin', [1, 1.0625], [[1, 1.0625, 2]]],
])('%s', (_name, values, expected) => {
  expect(rows(values)).toEqual(expected);
});

const floats = fc.float({ min: -8, max: 8, noNaN: true });
const wide = fc.float({ noNaN: true, noDefaultInfinity: true });
const round = fc.constantFrom(-1, -0.5, 0, 0.75, 1, 2);
const samples = fc.oneof(
  fc.array(round, { minLength: 1, maxLength: 10 }),
  fc.array(floats, { minLength: 1, maxLength: 300 }),
  fc.array(wide, { minLength: 1, maxLength: 60 }),
);

test('buckets touch one another, reach from the least value to the greatest and count them all', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const all = rows(values);
      const { min, max, count } = rangeOf(values);
      expect(all.length).toBeLessThanOrEqual(64);
      expect(all.reduce((sum, row) => sum + row[2]!, 0)).toBe(count);
      if (min === max) return;
      expect(all[0]![0]).toBe(min);
      expect(all.at(-1)![1]).toBe(max);
      for (const [i, [from, to]] of all.entries()) {
        expect(from!).toBeLessThan(to!);
        if (i > 0) expect(from).toBe(all[i - 1]![1]);
      }
    }),
  );
});

test('a full histogram stays small, and as fine where values are large', () => {
  const values = Array.from({ length: 2000 }, (_, i) => (1.999 * (i - 1000)) / 1000);
  const all = rows(values);
  expect(all.length).toBeGreaterThan(40);
  expect(all.length).toBeLessThanOrEqual(64);
  for (const [from, to] of all) expect(to! - from!).toBeLessThanOrEqual(1 / 8);
});

test.each([
  { name: 'a short run keeps all', planned: 900, tags: 9, moments: 900, least: 900, most: 900 },
  { name: 'a long one a thousand', planned: 1e6, tags: 9, moments: 1e5, least: 900, most: 1001 },
  { name: 'a deep one fewer', planned: 1e6, tags: 500, moments: 1e5, least: 150, most: 201 },
  { name: 'many tags some', planned: 1e6, tags: 50_000, moments: 1e4, least: 64, most: 66 },
])('$name', ({ planned, tags, moments, least, most }) => {
  const thinned = new ThinnedMoments(planned, tags);
  let kept = 0;
  for (let i = 0; i < moments; i++) kept += Number(thinned.includes((i * planned) / moments));
  expect(kept).toBeGreaterThanOrEqual(least);
  expect(kept).toBeLessThanOrEqual(most);
});
