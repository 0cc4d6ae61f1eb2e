import { type Filters, filterAt } from './filters.ts';
import { normOf } from './order.ts';
import { fullRange } from './range.ts';
import { smoothnessOf } from './smoothness.ts';

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
