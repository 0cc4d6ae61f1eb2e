import { describe, expect, it } from 'vitest';
import { lossChart } from '../../../core/terminal/chart.ts';
import { Curve } from '../../../core/terminal/curve.ts';
import { formatDuration, formatLoss } from '../../../core/terminal/format.ts';
import type { Paint } from '../../../core/terminal/paint.ts';

const plain: Paint = (_color, text) => text;
const size = { width: 10, height: 4 };
const rows = (chart: string) => chart.split('\n').slice(0, size.height);

describe('the loss chart', () => {
  it('draws from the first step, top left, to the last, bottom right', () => {
    const [first, , , last] = rows(lossChart([2, 1.75, 1.5, 1.25, 1], [], size, plain));
    expect(first).toMatch(/^ {8}2 ┤[⠁-⣿]/);
    expect(last).toMatch(/^ {8}1 ┤ +[⠁-⣿]+$/);
    expect(last).toHaveLength('        1 ┤'.length + size.width);
  });

  it('puts validation at its place, and shows what is not finite', () => {
    const chart = lossChart([3, 2, Number.NaN, 1], [{ at: 1, loss: 1 }], size, plain);
    expect(rows(chart)[0]).toMatch(/×/);
    expect(rows(chart)[3]!.endsWith('o')).toBe(true);
  });

  it('takes a log axis where the tail would lie flat', () => {
    expect(lossChart([100, 10, 1], [], size, plain)).toContain('log axis');
    expect(lossChart([3, 2, 1], [], size, plain)).not.toContain('log axis');
  });

  it('has no picture of nothing', () => {
    expect(lossChart([Number.NaN], [], size, plain)).toBe('');
  });
});

describe('a curve', () => {
  it('keeps the means of a million steps in little memory', () => {
    const curve = new Curve();
    for (let step = 0; step < 1_000_000; step++) curve.add(step);
    const means = curve.means();
    expect(means.length).toBeLessThanOrEqual(2048);
    expect(means[0]).toBe((512 - 1) / 2);
    expect(means.at(-1)).toBeGreaterThan(998_000);
    for (let i = 1; i < means.length; i++) expect(means[i]).toBeGreaterThan(means[i - 1]!);
  });

  it('does not lose a NaN', () => {
    const curve = new Curve();
    for (let step = 0; step < 10_000; step++) curve.add(step === 5000 ? Number.NaN : 1);
    expect(curve.means().filter(Number.isNaN)).toHaveLength(1);
  });
});

it.each([
  [0.123456, '0.1235'],
  [0, '0'],
  [0.00001234, '1.234e-5'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('writes the loss %s as %s', (value, text) => expect(formatLoss(value)).toBe(text));

it.each([
  [300, '0.3 s'],
  [59_400, '59 s'],
  [200_000, '3 min 20 s'],
  [7_500_000, '2 h 5 min'],
])('writes %s ms as %s', (value, text) => expect(formatDuration(value)).toBe(text));
