/** The values that are drawn darkest and brightest. */
export interface ValueRange {
  low: number;
  high: number;
}

/** Symmetric around 0, so that the middle of the scale is 0 and the sign is seen. */
export function symmetricRange(values: Float32Array): ValueRange {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return { low: -most, high: most };
}

/** From the smallest to the largest finite value, as colors are shown. */
export function fullRange(values: Float32Array): ValueRange {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: 0, high: 0 };
}
