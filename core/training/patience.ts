/** What is kept of a patience between two parts of a run. */
export interface PatienceState {
  best: number;
  bad: number;
}

/**
 * Counts the epochs in a row that bring no better validation loss. Better is a loss below
 * best · (1 − threshold), so NaN never is.
 */
export class Patience {
  state: PatienceState = { best: Number.POSITIVE_INFINITY, bad: 0 };
  readonly #limit: number;
  readonly #threshold: number;

  /** `limit`: how many in a row are too many. */
  constructor(limit: number, threshold: number) {
    this.#limit = limit;
    this.#threshold = threshold;
  }

  /** True when this loss has brought too many in a row. */
  see(loss: number): boolean {
    const { best, bad } = this.state;
    const better = loss < best * (1 - this.#threshold);
    this.state = better ? { best: loss, bad: 0 } : { best, bad: bad + 1 };
    return this.state.bad >= this.#limit;
  }

  /** Begins to count anew; the best stays. */
  restart(): void {
    this.state = { best: this.state.best, bad: 0 };
  }
}
