/**
 * Exponential moving average without the bias of its start (Kingma & Ba, Adam, section 3):
 *   m ← w·m + (1 − w)·v,  c ← w·c + (1 − w),  average = m / c.
 * Values that are not finite leave it as it is.
 */
export class MovingAverage {
  readonly #weight: number;
  #mean = 0;
  #correction = 0;

  /** `weight` of what was before, 0 … 1 (exclusive). */
  constructor(weight: number) {
    this.#weight = weight;
  }

  /** The average after each of these values; NaN before the first finite one. */
  append(values: Float64Array): Float64Array {
    const averages = new Float64Array(values.length);
    const weight = this.#weight;
    let mean = this.#mean;
    let correction = this.#correction;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      // The difference is NaN for NaN and for both infinities.
      if (value - value === 0) {
        mean = weight * mean + (1 - weight) * value;
        correction = weight * correction + (1 - weight);
      }
      averages[i] = mean / correction;
    }
    this.#mean = mean;
    this.#correction = correction;
    return averages;
  }
}

/** The moving average after each value. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  return new MovingAverage(weight).append(values);
}

/**
 * The weight a step, so that a setting looks the same on short and on long runs: `setting` is the
 * weight for `width` steps, which are drawn as one point.
 */
export function stepWeight(setting: number, width: number): number {
  return setting ** (1 / width);
}
