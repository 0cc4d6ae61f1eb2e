const MOST_BINS = 2048;

/** A curve of any length in little memory: means over bins that widen as it grows. */
export class Curve {
  #sums: number[] = [];
  #width = 1;
  /** Values in the last bin. */
  #filled = 0;

  add(value: number): void {
    if (this.#filled === 0) this.#sums.push(value);
    else this.#sums[this.#sums.length - 1]! += value;
    this.#filled = (this.#filled + 1) % this.#width;
    if (this.#filled === 0 && this.#sums.length === MOST_BINS) this.#widen();
  }

  /** Means of the bins; NaN and infinities stay visible. */
  means(): number[] {
    const last = this.#sums.length - 1;
    return this.#sums.map(
      (sum, i) => sum / (i === last && this.#filled > 0 ? this.#filled : this.#width),
    );
  }

  #widen(): void {
    const pairs = this.#sums.length / 2;
    this.#sums = Array.from(
      { length: pairs },
      (_, i) => this.#sums[2 * i]! + this.#sums[2 * i + 1]!,
    );
    this.#width *= 2;
  }
}
