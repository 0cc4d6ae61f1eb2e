import { binEdge, type Histogram, type Range } from '../events/histogram.ts';

const MOST_BUCKETS = 64;

/**
 * A histogram of some values as TensorBoard draws it, on a linear axis: row-major [k × 3] of left edge,
 * right edge and count, from the least value to the greatest. k is at most 64: where bins are narrow,
 * neighbours are counted together, as long as they are no wider than half of the widest bin.
 */
export function bucketsOf(histogram: Histogram, { count, min, max }: Range): Float64Array {
  // As summary_v2.py has it.
  if (min === max) return Float64Array.of(min - 0.5, max + 0.5, count);
  const { small, first, negative, positive } = histogram;
  // From left to right the bins are −negative.length … −1, 0 for the small ones, 1 … positive.length.
  const countOf = (bin: number): number =>
    bin === 0 ? small : bin < 0 ? negative[-bin - 1]! : positive[bin - 1]!;
  const leftOf = (bin: number): number =>
    bin <= 0 ? -binEdge(first - bin) : binEdge(first + bin - 1);
  let begin = -negative.length;
  let end = positive.length;
  while (begin < end && countOf(begin) === 0) begin++;
  while (begin < end && countOf(end) === 0) end--;

  const outermost = first + Math.max(negative.length, positive.length);
  const most = (binEdge(outermost) - binEdge(outermost - 1)) / 2;
  const rows = new Float64Array(3 * MOST_BUCKETS);
  let length = 0;
  let left = min;
  let right = begin === end ? max : leftOf(begin + 1);
  let total = countOf(begin);
  for (let bin = begin + 1; bin <= end; bin++) {
    const next = bin === end ? max : leftOf(bin + 1);
    // The least value may be the right edge of its bin, and the greatest the left one.
    if (next - left > most && right > left && next > right) {
      rows[length++] = left;
      rows[length++] = right;
      rows[length++] = total;
      left = right;
      total = 0;
    }
    right = next;
    total += countOf(bin);
  }
  rows.set([left, right, total], length);
  return rows.slice(0, length + 3);
}
