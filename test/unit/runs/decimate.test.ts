import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Point } from '../../../core/runs/bucket.ts';
import { MinMaxDecimator, NOTHING } from '../../../core/runs/decimate.ts';
import { MovingAverage, smooth, stepWeight } from '../../../core/runs/smooth.ts';

function decimated(values: number[]): Point[] {
  const decimator = new MinMaxDecimator();
  decimator.append(Float64Array.from(values));
  return decimator.delta(NOTHING).points;
}

describe('MinMaxDecimator', () => {
  test('a short series is itself, NaN and infinities included', () => {
    const values = [1, Number.NaN, 3, Number.NEGATIVE_INFINITY, 2, 2, Number.POSITIVE_INFINITY];
    expect(decimated(values)).toEqual(values.map((value, at) => ({ at, value })));
    expect(decimated([])).toEqual([]);
  });

  test('of a million values, one spike, one dip and one NaN are all there', () => {
    const values = new Float64Array(1_000_000).fill(1);
    values[123_456] = 50;
    values[123_457] = -50;
    values[700_001] = Number.NaN;
    const decimator = new MinMaxDecimator();
    decimator.append(values);
    const { points } = decimator.delta(NOTHING);
    expect(points.length).toBeLessThanOrEqual(3000);
    expect(points.filter(({ value }) => value !== 1)).toEqual([
      { at: 123_456, value: 50 },
      { at: 123_457, value: -50 },
      { at: 700_001, value: Number.NaN },
    ]);
  });

  test('every bucket shows its least, its greatest and what is not finite, in order', () => {
    // Adding 0 makes 0 of −0: which of the two is the least is all one.
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
    const value = fc.oneof(
      { weight: 20, arbitrary: finite },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY) },
    );
    const long = fc.array(value, { minLength: 1, maxLength: 5000, size: 'max' });
    fc.assert(
      fc.property(long, fc.array(fc.nat({ max: 700 })), (values, cuts) => {
        // In pieces, as it comes.
        const decimator = new MinMaxDecimator();
        for (let from = 0, i = 0; from < values.length; i++) {
          const to = from + 1 + (cuts[i % Math.max(1, cuts.length)] ?? 99);
          decimator.append(Float64Array.from(values.slice(from, to)));
          from = to;
        }
        const { points } = decimator.delta(NOTHING);
        expect(points).toEqual(decimated(values));
        for (const [i, { at, value }] of points.entries()) {
          expect(value).toBe(values[at]);
          if (i > 0) expect(at).toBeGreaterThan(points[i - 1]!.at);
        }
        const { width } = decimator;
        expect(values.length / width).toBeLessThanOrEqual(1000);
        for (let start = 0; start < values.length; start += width) {
          const own = values.slice(start, start + width);
          const shown = points.filter(({ at }) => at >= start && at < start + width);
          const finite = own.filter(Number.isFinite);
          expect(shown.some(({ value }) => !Number.isFinite(value))).toBe(
            finite.length < own.length,
          );
          if (finite.length === 0) continue;
          const seen = shown.map(({ value }) => value).filter(Number.isFinite);
          expect(Math.min(...seen)).toBe(Math.min(...finite));
          expect(Math.max(...seen)).toBe(Math.max(...finite));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a client that applies every delta has what a new client gets', () => {
    const decimator = new MinMaxDecimator();
    let client: Point[] = [];
    let revision = NOTHING;
    let resent = 0;
    for (let n = 0; n < 400; n++) {
      const values = Float64Array.from({ length: 1 + (n % 37) }, (_, i) => Math.sin(n * i));
      decimator.append(values);
      const delta = decimator.delta(revision);
      revision = delta.revision;
      client = [...client.slice(0, delta.keep), ...delta.points];
      resent += delta.points.length;
      expect(client).toEqual(decimator.delta(NOTHING).points);
    }
    expect(decimator.length).toBeGreaterThan(7000);
    // Three doublings; between them, little more than what is new.
    expect(resent).toBeLessThan(4 * 2000 + 400 * 40);
    expect(decimator.delta(revision).points.length).toBeLessThanOrEqual(3);
  });
});

describe('smooth', () => {
  test('a constant stays what it is from the first value on', () => {
    for (const value of smooth(new Float64Array(100).fill(3), 0.99))
      expect(value).toBeCloseTo(3, 12);
  });

  test('follows the formula', () => {
    // m = 0.5·0 + 0.5·1 = 0.5, c = 0.5; m = 0.25 + 1.5 = 1.75, c = 0.75.
    expect([...smooth(Float64Array.of(1, 3), 0.5)]).toEqual([1, 1.75 / 0.75]);
  });

  test('what is not finite is passed over', () => {
    const values = Float64Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 3, Number.NaN);
    expect([...smooth(values, 0.5)]).toEqual([Number.NaN, 1, 1, 1.75 / 0.75, 1.75 / 0.75]);
  });

  test('in pieces or at once, the same', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.cos(i));
    const average = new MovingAverage(0.9);
    const pieces = [values.subarray(0, 1), values.subarray(1, 500), values.subarray(500)];
    expect(pieces.flatMap((piece) => [...average.append(piece)])).toEqual([...smooth(values, 0.9)]);
  });

  test('a setting forgets as much over a drawn point, however many steps that stands for', () => {
    expect(stepWeight(0.6, 1)).toBe(0.6);
    expect(stepWeight(0.6, 1024) ** 1024).toBeCloseTo(0.6, 10);
    expect(stepWeight(0, 4)).toBe(0);
  });
});
