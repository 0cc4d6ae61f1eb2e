import { expect, test } from 'vitest';
import { number, percent, rounded } from '../../../core/events/numbers.ts';

test.each<[value: number, text: string]>([
  [0, '0'],
  [12.345, '12.3'],
  [-0.05, '-0.05'],
  [1234.5, '1230'],
  [999_999, '1e6'],
  [9.812e8, '9.81e8'],
  [0.0001, '0.0001'],
  [3e-6, '3e-6'],
  [-1.234e-9, '-1.23e-9'],
  [Number.NaN, 'NaN'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d is told as %s', (value, text) => {
  expect(number(value)).toBe(text);
});

test('fewer digits where they say enough', () => {
  expect(number(12.345, 2)).toBe('12');
  expect(number(1.987, 1)).toBe('2');
  expect(rounded(0.0123)).toBe(0.01);
});

test.each<[share: number, text: string]>([
  [0, '0 %'],
  [0.333, '33 %'],
  [0.0994, '9.9 %'],
  [0.0999, '10 %'],
  [0.0423, '4.2 %'],
  [0.00037, '0.037 %'],
  [1e-8, '1e-6 %'],
  [0.994, '99 %'],
  [0.99996, '99.9 %'],
  [1, '100 %'],
  [2.5, '250 %'],
  [-0.125, '-12 %'],
  [Number.NaN, 'NaN %'],
])('a share of %d is %s', (share, text) => {
  expect(percent(share)).toBe(text);
});
