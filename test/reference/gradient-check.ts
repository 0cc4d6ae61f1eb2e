/**
 * ∂f/∂values by central differences, (f(v + h) − f(v − h)) / 2h, a value at a time. In float64 with
 * h = 1e-5 its error is about 1e-10 of the scale of f.
 */
export function numericGradient(f: () => number, values: Float64Array, step = 1e-5): Float64Array {
  return values.map((value, i) => {
    values[i] = value + step;
    const high = f();
    values[i] = value - step;
    const low = f();
    values[i] = value;
    return (high - low) / (2 * step);
  });
}

/**
 * The largest difference, in units of the largest value of either, or of `floor` where all are
 * smaller: sums that cancel leave only their rounding.
 */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>, floor = 1e-3): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let scale = floor;
  for (let i = 0; i < a.length; i++) {
    const apart = Math.abs(a[i] - b[i]);
    // NaN and infinities agree with nothing.
    if (!Number.isFinite(apart)) return Number.POSITIVE_INFINITY;
    difference = Math.max(difference, apart);
    scale = Math.max(scale, Math.abs(a[i]), Math.abs(b[i]));
  }
  return difference / scale;
}
