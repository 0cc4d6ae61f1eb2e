/** TensorBoard itself draws no more than 500 of a tag. */
const MAX_MOMENTS = 1000;
/** A file of more histograms than this, of a kilobyte each, is read slowly. */
const MAX_RECORDS = 100_000;
/** Most happens at first; a run of few moments keeps them all. */
const ALWAYS = 64;

/**
 * Which moments an append-only file keeps: the first ones, then the first of every window of steps.
 * The windows follow from what the run plans, so that the same run gives the same file.
 */
export class ThinnedMoments {
  readonly #window: number;
  #kept = 0;
  #current = -1;

  /** `tags`: how many histograms a moment has. */
  constructor(plannedSteps: number, tags: number) {
    const windows = Math.min(MAX_MOMENTS, MAX_RECORDS / tags) - ALWAYS;
    this.#window = Math.ceil(plannedSteps / Math.max(1, windows));
  }

  /** To be asked once for each moment; `step` ascends. */
  includes(step: number): boolean {
    const window = Math.floor(step / this.#window);
    if (this.#kept >= ALWAYS && window === this.#current) return false;
    this.#current = window;
    this.#kept++;
    return true;
  }
}
