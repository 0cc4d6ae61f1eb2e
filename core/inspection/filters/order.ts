import { type Filters, filterAt } from './filters.ts';
import { smoothnessOf } from './smoothness.ts';

/** As the units stand in the layer, or what says most first. */
export const FILTER_ORDERS = ['unit', 'norm', 'smoothness'] as const;
export type FilterOrder = (typeof FILTER_ORDERS)[number];

/** √Σw² of the finite weights; NaN where there is none. */
export function normOf(filters: Filters, index: number): number {
  let sum = 0;
  let finite = 0;
  for (const value of filterAt(filters, index)) {
    if (!Number.isFinite(value)) continue;
    sum += value * value;
    finite++;
  }
  return finite > 0 ? Math.sqrt(sum) : Number.NaN;
}

/** The images' indices: the largest first, what has no such number last, equals as they stand. */
export function orderOf(filters: Filters, by: FilterOrder): Uint32Array {
  const indices = Uint32Array.from({ length: filters.count }, (_, index) => index);
  if (by === 'unit') return indices;
  const measure = by === 'norm' ? normOf : smoothnessOf;
  const keys = Float64Array.from(indices, (index) => {
    const key = measure(filters, index);
    return Number.isNaN(key) ? Number.NEGATIVE_INFINITY : key;
  });
  return indices.sort((a, b) => (keys[a] === keys[b] ? a - b : keys[b]! > keys[a]! ? 1 : -1));
}
