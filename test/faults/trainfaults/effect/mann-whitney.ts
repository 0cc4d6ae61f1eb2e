/**
 * One-sided test of Mann and Whitney (1947): how likely `lower` would rank so low among both, or lower, if
 * both came from the same distribution. Exact, ties at their mean rank: of all ways to choose as many of
 * the ranks, the share whose sum is at most that of `lower`. Infinities are ordinary values.
 */
export function mannWhitney(lower: readonly number[], higher: readonly number[]): number {
  const all = [...lower, ...higher].sort((a, b) => a - b);
  // Twice the mean rank is a whole number.
  const rankOf = (value: number) => all.indexOf(value) + all.lastIndexOf(value) + 2;
  const ranks = all.map(rankOf);
  const observed = lower.reduce((sum, value) => sum + rankOf(value), 0);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  // ways[k][s]: how many choices of k ranks have the sum s.
  const ways = Array.from({ length: lower.length + 1 }, () => new Float64Array(total + 1));
  ways[0]![0] = 1;
  for (const rank of ranks)
    for (let k = lower.length; k > 0; k--)
      for (let sum = total; sum >= rank; sum--) ways[k]![sum]! += ways[k - 1]![sum - rank]!;
  const sums = ways[lower.length]!;
  const atMost = sums.subarray(0, observed + 1).reduce((count, n) => count + n, 0);
  return atMost / sums.reduce((count, n) => count + n, 0);
}
