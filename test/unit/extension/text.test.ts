import { describe, expect, it } from 'vitest';
import {
  fileName,
  formatBytes,
  formatCount,
  formatFraction,
  formatNumber,
  formatShape,
} from '../../../extension/format.ts';
import { sparkline } from '../../../extension/sidebar/sparkline.ts';

describe('sparkline', () => {
  it('falls with the loss', () => {
    expect(sparkline([7, 6, 5, 4, 3, 2, 1], 10)).toBe('▇▆▅▄▃▂▁');
  });

  it('gathers many values into its width', () => {
    const values = Array.from({ length: 1000 }, (_, i) => 1000 - i);
    expect(sparkline(values, 7)).toBe('▇▆▅▄▃▂▁');
  });

  it('marks NaN and infinities, and scales by the rest', () => {
    expect(sparkline([1, 7, Number.NaN, Number.POSITIVE_INFINITY], 4)).toBe('▁▇××');
  });

  it('is flat for one value, and empty for none', () => {
    expect(sparkline([3, 3], 5)).toBe('▁▁');
    expect(sparkline([], 5)).toBe('');
    expect(sparkline([Number.NaN], 5)).toBe('×');
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.17083, '0.1708'],
    [Math.LN10, '2.303'],
    [0.001, '1e-3'],
    [0.00025, '2.5e-4'],
    [1e6, '1e+6'],
    [12345.6, '12346'],
    [-0.5, '-0.5'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '∞'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d is %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it('keeps accuracies in columns', () => {
    expect([formatFraction(1), formatFraction(0.95), formatFraction(Number.NaN)]).toEqual([
      '1.000',
      '0.950',
      'NaN',
    ]);
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1536, '1.5 KB'],
    [300 * 1024 ** 2, '300 MB'],
    [1.5 * 1024 ** 3, '1.5 GB'],
  ])('%d bytes are %s', (value, text) => expect(formatBytes(value)).toBe(text));

  it('counts and shapes', () => {
    expect(formatCount(101770)).toBe('101,770');
    expect(formatShape([8, 8, 1])).toBe('8×8×1');
  });
});

it('a file is named after its run and what it shows, as any system allows', () => {
  expect(fileName('20251121-093105-digits', 'Loss')).toBe('20251121-093105-digits-loss');
  expect(fileName('run', 'Update : weight')).toBe('run-update-weight');
  expect(fileName('run', '../../żółw\\"<a>?*|')).toBe('run-żółw-a');
  expect(fileName('run', '')).toBe('run');
  expect(fileName('run', 'x'.repeat(500))).toHaveLength(120);
});
