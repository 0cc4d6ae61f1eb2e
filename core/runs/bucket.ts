export interface Point {
  /** Index of the sample. */
  at: number;
  value: number;
}

/** Spares an allocation for each sample. */
const ONE = new Float64Array(1);

/**
 * What must stay to be seen of neighbouring samples: the least, the greatest and the first that is
 * not finite. However many samples, at most three points.
 */
export class Bucket {
  #min = Number.POSITIVE_INFINITY;
  #minAt = -1;
  #max = Number.NEGATIVE_INFINITY;
  #maxAt = -1;
  #nonFinite = 0;
  #nonFiniteAt = -1;

  /** Adds `values[from … to)`, of which the first is sample `at`. */
  addAll(values: Float64Array, from: number, to: number, at: number): void {
    let min = this.#min;
    let max = this.#max;
    const sampleOf = at - from;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      // One comparison tells all of NaN and both infinities: their difference is NaN.
      if (value - value !== 0) {
        if (this.#nonFiniteAt < 0) {
          this.#nonFinite = value;
          this.#nonFiniteAt = sampleOf + i;
        }
        continue;
      }
      if (value < min) {
        min = value;
        this.#minAt = sampleOf + i;
      }
      if (value > max) {
        max = value;
        this.#maxAt = sampleOf + i;
      }
    }
    this.#min = min;
    this.#max = max;
  }

  add(at: number, value: number): void {
    ONE[0] = value;
    this.addAll(ONE, 0, 1, at);
  }

  /** Takes in the bucket that follows this one. */
  merge(next: Bucket): void {
    if (next.#min < this.#min) {
      this.#min = next.#min;
      this.#minAt = next.#minAt;
    }
    if (next.#max > this.#max) {
      this.#max = next.#max;
      this.#maxAt = next.#maxAt;
    }
    if (this.#nonFiniteAt < 0 && next.#nonFiniteAt >= 0) {
      this.#nonFinite = next.#nonFinite;
      this.#nonFiniteAt = next.#nonFiniteAt;
    }
  }

  /** In the order of the samples, none twice. */
  points(): Point[] {
    const points: Point[] = [];
    if (this.#minAt >= 0) points.push({ at: this.#minAt, value: this.#min });
    if (this.#maxAt >= 0 && this.#maxAt !== this.#minAt)
      points.push({ at: this.#maxAt, value: this.#max });
    if (this.#nonFiniteAt >= 0) points.push({ at: this.#nonFiniteAt, value: this.#nonFinite });
    return points.sort((a, b) => a.at - b.at);
  }
}
