/** A growing column of float64; one allocation for every doubling. */
export class Column {
  #values = new Float64Array(1024);
  length = 0;

  /** A view of the values; it is good until the column grows. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.length);
  }

  /** How many there is room for. */
  get room(): number {
    return this.#values.length;
  }

  push(value: number): void {
    this.#grow(this.length + 1);
    this.#values[this.length++] = value;
  }

  append(values: Float64Array): void {
    this.#grow(this.length + values.length);
    this.#values.set(values, this.length);
    this.length += values.length;
  }

  /** Every `stride`-th of these values, from `first` on. */
  appendEvery(values: Float32Array, first: number, stride: number): void {
    this.#grow(this.length + Math.ceil((values.length - first) / stride));
    for (let i = first; i < values.length; i += stride) this.#values[this.length++] = values[i]!;
  }

  /** Makes room for so many, where it is known how many there will be. */
  reserve(length: number): void {
    if (length > this.#values.length) this.#move(length);
  }

  #grow(length: number): void {
    if (length > this.#values.length) this.#move(Math.max(length, this.#values.length * 2));
  }

  #move(length: number): void {
    const larger = new Float64Array(length);
    larger.set(this.#values.subarray(0, this.length));
    this.#values = larger;
  }
}
