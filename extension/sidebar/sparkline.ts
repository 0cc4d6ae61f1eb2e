const BARS = '▁▂▃▄▅▆▇';
const BAD = '×';

/**
 * The course of `values` in at most `width` characters: each is the mean of an equal share of the
 * values, scaled between the smallest and the largest mean. A share that holds NaN or an infinity is
 * shown as ×, so that an explosion is never averaged away.
 */
export function sparkline(values: ArrayLike<number>, width: number): string {
  const count = Math.min(width, values.length);
  const means = Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * values.length) / count);
    const to = Math.floor(((i + 1) * values.length) / count);
    let sum = 0;
    for (let j = from; j < to; j++) sum += values[j]!;
    return sum / (to - from);
  });
  const finite = means.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return BAD;
      if (span === 0) return BARS[0];
      return BARS[Math.round(((mean - low) / span) * (BARS.length - 1))];
    })
    .join('');
}
