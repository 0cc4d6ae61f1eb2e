import type { SeedStatistics } from '../events/sweep-event.ts';

/** Mean and deviation (of the sample: n − 1) of what several seeds gave; null of nothing. */
export function statisticsOf(scores: readonly number[]): SeedStatistics | null {
  const n = scores.length;
  if (n === 0) return null;
  const mean = scores.reduce((sum, score) => sum + score, 0) / n;
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  return { seeds: n, mean, deviation: n > 1 ? Math.sqrt(squares / (n - 1)) : 0 };
}
