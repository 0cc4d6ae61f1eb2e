import { type Filters, filterAt } from '../../core/inspection/filters/filters.ts';
import { nameOf, numbersOf } from '../../core/inspection/filters/numbers.ts';
import { brief, exact } from '../format.ts';

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
