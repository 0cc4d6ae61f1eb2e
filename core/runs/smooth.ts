/**
 * Exponential moving average without the bias of its start (Kingma & Ba, Adam, section 3):
 *   m ← w·m + (1 − w)·v,  c ← w·c + (1 − w),  average = m / c.
 * Values that are not finite leave it as it is; NaN before the first finite one.
 */
export class MovingAverage {
  readonly #weight: number;
  #mean = 0;
  #correction = 0;

  /** `weight` of what was before, 0 … 1 (exclusive). */
  constructor(weight: number) {
    this.#weight = weight;
  }

  add(value: number): number {
    if (value - value === 0) {
      this.#mean = this.#weight * this.#mean + (1 - this.#weight) * value;
      this.#correction = this.#weight * this.#correction + (1 - this.#weight);
    }
    return this.#correction > 0 ? this.#mean / this.#correction : Number.NaN;
  }
}

/**
 * The weight a step, so that a setting looks the same on short and long runs: `setting` is the weight
 * a drawn point, which stands for `width` steps.
 */
export function stepWeight(setting: number, width: number): number {
  return setting ** (1 / width);
}

/** The moving average after each value. */
export function smooth(values: Float64Array, weight: number): Float64Array {
  const average = new MovingAverage(weight);
  return values.map((value) => average.add(value));
}
