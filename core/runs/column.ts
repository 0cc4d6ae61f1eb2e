/** A growing column of float64; one allocation for every doubling. */
export class Column {
  #values = new Float64Array(1024);
  length = 0;

  /** A view of the values; it is good until the column grows. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }

  push(value: number): void {
    this.#reserve(this.length + 1);
    this.#values[this.length++] = value;
  }

  append(values: Float64Array): void {
    this.#reserve(this.length + values.length);
    this.#values.set(values, this.length);
    this.length += values.length;
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = new Float64Array(Math.max(length, this.#values.length * 2));
    larger.set(this.#values.subarray(0, this.length));
    this.#values = larger;
  }
}
