/** Calls `work` at most once every `interval` milliseconds; a request during the wait is not lost. */
export class Throttle {
  readonly #work: () => void;
  readonly #interval: number;
  #timer: NodeJS.Timeout | null = null;
  #last = Number.NEGATIVE_INFINITY;

  constructor(interval: number, work: () => void) {
    this.#work = work;
    this.#interval = interval;
  }

  request(): void {
    if (this.#timer) return;
    const wait = Math.max(0, this.#last + this.#interval - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#last = performance.now();
      this.#work();
    }, wait);
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
