import type { DataEvent } from '../events/run-event.ts';

/** What guessing by the classes' shares has: their entropy as its loss, the largest one right. */
export interface Guessing {
  entropy: number;
  right: number;
}

const NO_CLASSES: Guessing = { entropy: 0, right: Number.NEGATIVE_INFINITY };
const GUESSING = new WeakMap<Float64Array, Guessing>();

export function guessing(data: DataEvent | null): Guessing {
  const counts = data?.classCounts;
  if (!counts) return NO_CLASSES;
  let known = GUESSING.get(counts);
  if (!known) {
    const seen = counts.filter((count) => count > 0);
    const total = seen.reduce((sum, count) => sum + count, 0);
    known = {
      entropy: seen.reduce((sum, count) => sum - (count / total) * Math.log(count / total), 0),
      right: Math.max(...seen) / total,
    };
    GUESSING.set(counts, known);
  }
  return known;
}
