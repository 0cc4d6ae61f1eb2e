import type { Dimension } from './space.ts';

/** How many values a key has: of real numbers infinitely many. */
export function countOf({ range }: Dimension): number {
  if (range.kind === 'choice') return range.values.length;
  return range.kind === 'int' ? range.high - range.low + 1 : Number.POSITIVE_INFINITY;
}
