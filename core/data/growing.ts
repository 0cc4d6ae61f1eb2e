type Column = Float32Array | Int32Array | Uint32Array;

/** A typed array that grows as rows of unknown number arrive; never a JavaScript array of numbers. */
export class Growing<T extends Column> {
  #values: T;
  readonly #make: (length: number) => T;
  length = 0;

  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(1024);
  }

  push(value: number, expectedLength: number): void {
    if (this.length === this.#values.length) {
      // The caller's estimate spares most copies; growth by half bounds them when it is wrong.
      const grown = this.#make(Math.max(Math.ceil(this.length * 1.5), Math.ceil(expectedLength)));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  /** The values pushed so far: a view, not a copy. */
  get values(): T {
    return this.#values.subarray(0, this.length) as T;
  }
}
