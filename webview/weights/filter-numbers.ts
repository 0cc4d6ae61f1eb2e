import { type Filters, filterAt } from '../../core/inspection/filters/filters.ts';
import { normOf } from '../../core/inspection/filters/order.ts';
import { fullRange } from '../../core/inspection/filters/range.ts';
import { smoothnessOf } from '../../core/inspection/filters/smoothness.ts';
import { brief, exact } from '../format.ts';

/** Which unit an image is of, counted from 1; and which of its channels, where each has an image. */
export function nameOf({ perUnit }: Filters, index: number): string {
  const unit = `unit ${Math.floor(index / perUnit) + 1}`;
  return perUnit === 1 ? unit : `${unit}, channel ${(index % perUnit) + 1}`;
}

export const FILTER_NUMBERS = ['norm', 'smoothness', 'smallest', 'largest'] as const;

/** What a filter's numbers are, in the order of `FILTER_NUMBERS`; NaN where there is none. */
export function numbersOf(filters: Filters, index: number): number[] {
  const { low, high } = fullRange(filterAt(filters, index));
  const norm = normOf(filters, index);
  const none = Number.isNaN(norm);
  return [norm, smoothnessOf(filters, index), none ? Number.NaN : low, none ? Number.NaN : high];
}

export const numberText = (value: number) => (Number.isNaN(value) ? 'none' : brief(value));

/** A filter in words. */
export function wordsOf(filters: Filters, index: number): string {
  const [norm, smoothness] = numbersOf(filters, index);
  return `${nameOf(filters, index)}: norm ${numberText(norm!)}, smoothness ${numberText(smoothness!)}`;
}

/** The weights of one pixel, in words: its place is counted from 1. */
export function pixelWords(filters: Filters, index: number, pixel: number): string {
  const { width, channels } = filters;
  const values = filterAt(filters, index).subarray(pixel * channels, (pixel + 1) * channels);
  const place = `row ${Math.floor(pixel / width) + 1}, column ${(pixel % width) + 1}`;
  const names = channels === 3 ? ['red ', 'green ', 'blue '] : [''];
  return `${place}: ${names.map((name, i) => `${name}${exact(values[i]!)}`).join(', ')}`;
}
