import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Label, placeLabels } from '../../../core/report/chart/labels.ts';
import {
  linearTicks,
  linearTickTexts,
  logTicks,
  roundBounds,
  tickTexts,
  xTicks,
} from '../../../core/report/chart/ticks.ts';
import { alarms, extent, type Line, nearest } from '../../../webview/chart/content.ts';
import { type Color, contrast, readable } from '../../../webview/color.ts';
import { brief, duration, exact, position, rate, speed } from '../../../webview/format.ts';
import { applySeries } from '../../../webview/store.ts';
import { series } from './runs.ts';

describe('labels', () => {
  const label = (y: number, changes: Partial<Label> = {}): Label => ({
    x: 0,
    y,
    width: 50,
    rank: 0,
    ...changes,
  });

  test('stay where they want to be when there is room', () => {
    expect(placeLabels([label(80), label(20)], 15, 0, 100)).toEqual([80, 20]);
  });

  test('move apart evenly when they touch', () => {
    expect(placeLabels([label(50), label(52)], 15, 0, 100)).toEqual([43.5, 58.5]);
  });

  test('share a height when they are far apart horizontally', () => {
    expect(placeLabels([label(50), label(50, { x: 200 })], 15, 0, 100)).toEqual([50, 50]);
  });

  test('give way by rank when there is no room for all', () => {
    const labels = [
      label(10, { rank: 2 }),
      label(10),
      label(29, { rank: 3 }),
      label(12, { rank: 1 }),
    ];
    expect(placeLabels(labels, 15, 0, 30)).toEqual([null, 10, 29, null]);
  });

  test('never overlap and never leave the plot', () => {
    const arbitrary = fc.record({
      x: fc.integer({ min: 0, max: 300 }),
      y: fc.integer({ min: 0, max: 200 }),
      width: fc.integer({ min: 20, max: 120 }),
      rank: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 40 }), (labels) => {
        const places = placeLabels(labels, 15, 0, 200);
        labels.forEach((a, i) => {
          const ya = places[i]!;
          if (ya === null) return;
          expect(ya).toBeGreaterThanOrEqual(0);
          expect(ya).toBeLessThanOrEqual(200);
          labels.slice(i + 1).forEach((b, j) => {
            const yb = places[i + 1 + j]!;
            const side = a.x + a.width <= b.x || b.x + b.width <= a.x;
            if (yb !== null && !side) expect(Math.abs(ya - yb)).toBeGreaterThan(15 - 1e-6);
          });
        });
      }),
    );
  });
});

describe('ticks', () => {
  test.each([
    [0, 20, 4, [0, 5, 10, 15, 20]],
    [0.4, 1, 4, [0.4, 0.6, 0.8, 1]],
    [-1, 1, 5, [-1, -0.5, 0, 0.5, 1]],
    [3, 3, 5, [3]],
  ])('linear %d … %d', (min, max, count, expected) => {
    expect(linearTicks(min, max, count)).toEqual(expected);
  });

  test.each([
    [0.06, 4, 6, [0.1, 0.2, 0.5, 1, 2]],
    [0.06, 4, 4, [0.1, 0.3, 1, 3]],
    [1e-5, 0.05, 4, [1e-5, 1e-4, 1e-3, 1e-2]],
    [1e-12, 1, 4, [1e-12, 1e-8, 1e-4, 1]],
    [0.62, 0.68, 4, [0.62, 0.64, 0.66, 0.68]],
  ])('logarithmic %d … %d', (min, max, count, expected) => {
    expect(logTicks(min, max, count)).toEqual(expected);
  });

  test('are named alike', () => {
    expect(tickTexts([0.1, 1, 1000])).toEqual(['0.1', '1', '1,000']);
    expect(tickTexts([1e-3, 0.01, 1])).toEqual(['0.001', '0.01', '1']);
    expect(tickTexts([1e-4, 0.01, 1])).toEqual(['1e-4', '1e-2', '1e0']);
    expect(linearTickTexts([0, 0.5, 1])).toEqual(['0', '0.5', '1.0']);
  });

  test('epochs are whole, time is in the steps of a clock', () => {
    expect(xTicks('epochs', 3, 9)).toEqual([0, 1, 2, 3]);
    expect(xTicks('time', 90, 4)).toEqual([0, 30, 60, 90]);
  });

  test('bounds enclose, also a single value', () => {
    expect(roundBounds(0.43, 0.98, 6)).toEqual([0.4, 1]);
    expect(roundBounds(0.01, 0.01, 4)).toEqual([0, 0.02]);
    expect(roundBounds(0, 0, 4)).toEqual([0, 1]);
  });
});

describe('numbers', () => {
  test('exact: six significant digits', () => {
    const values = [0.1234567, 12345.678, 1.5e-5, 0, 4, Number.NaN, -1 / 0];
    expect(values.map(exact)).toEqual(['0.123457', '12345.7', '1.5e-5', '0', '4', 'NaN', '-∞']);
  });

  test('brief: three, at constant width', () => {
    expect([0.12, 2.3, 1234.5, 1e-5, 3e7].map(brief)).toEqual([
      '0.120',
      '2.30',
      '1,235',
      '1.0e-5',
      '3.0e7',
    ]);
  });

  test('rates as people write them', () => {
    expect([0.01, 0.00316228, 1, 0].map(rate)).toEqual(['1e-2', '3.16e-3', '1', '0']);
  });

  test('times, speeds, places', () => {
    expect([0.2, 9.2, 130, 120, 7300].map(duration)).toEqual([
      '< 1 s',
      '9 s',
      '2 min 10 s',
      '2 min',
      '2 h 2 min',
    ]);
    expect(speed(41812)).toBe('41,800');
    expect(position(12.344, 'epochs')).toBe('epoch 12.34');
    expect(position(1200, 'steps')).toBe('step 1,200');
  });
});

describe('series', () => {
  const line = (y: number[], changes: Partial<Line> = {}): Line => ({
    name: 'train',
    x: Float64Array.from(y.keys()),
    y: Float64Array.from(y),
    color: [0, 0, 0],
    width: 1,
    dash: [],
    opacity: 1,
    dots: false,
    joined: true,
    label: null,
    rank: 0,
    alarm: 'loss',
    ...changes,
  });

  test('a delta keeps the beginning and replaces the rest', () => {
    const first = applySeries(
      undefined,
      series('a', 'a', [1, 2, 3], (x) => x),
    );
    const next = applySeries(first, { ...series('a', 'a', [9, 10], (x) => -x), keep: 2 });
    expect([...next.x]).toEqual([1, 2, 9, 10]);
    expect([...next.y]).toEqual([1, 2, -9, -10]);
  });

  test('extent leaves out what is not finite, and zero on a log axis', () => {
    const lines = [line([0, 2, Number.NaN, Infinity]), line([0.5])];
    expect(extent(lines, false)).toEqual([0, 2]);
    expect(extent(lines, true)).toEqual([0.5, 2]);
    expect(extent([line([Number.NaN])], false)).toBeNull();
  });

  test('each stretch of values that are not finite is told once', () => {
    const found = alarms([line([1, Number.NaN, Number.NaN, 2, Infinity, -Infinity])]);
    expect(found.map(({ x, text }) => [x, text])).toEqual([
      [1, 'loss is NaN'],
      [4, 'loss is ∞'],
      [5, 'loss is -∞'],
    ]);
  });

  test('nearest point', () => {
    const xs = Float64Array.of(1, 2, 10);
    expect([-5, 1.4, 1.6, 7, 99].map((x) => nearest(xs, x))).toEqual([0, 0, 1, 2, 2]);
    expect(nearest(new Float64Array(), 1)).toBe(-1);
  });
});

test('colors are made readable on any background', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  const color = fc.tuple(channel, channel, channel);
  fc.assert(
    fc.property(color, fc.boolean(), (c: Color, dark) => {
      const [background, foreground]: [Color, Color] = dark
        ? [
            [31, 31, 31],
            [204, 204, 204],
          ]
        : [
            [255, 255, 255],
            [59, 59, 59],
          ];
      const result = readable(c, background, foreground, 4.5);
      expect(contrast(result, background)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});
