import { Bucket } from './bucket.ts';
import type { Scalar } from './summary.ts';

/** TensorBoard slows down beyond this, and shows fewer anyway. */
const MAX_POINTS = 10_000;
const POINTS_A_BUCKET = 3;

/**
 * A scalar for an append-only file: of every window of steps the extremes are kept. The windows
 * follow from the number of steps that the run plans, so that the same run gives the same file.
 */
export class ThinnedScalar {
  readonly #tag: string;
  readonly #window: number;
  readonly #emit: (scalar: Scalar) => void;
  #bucket = new Bucket();
  #current = -1;
  /** Of the window's steps, at step modulo window. */
  readonly #wallTimes: Float64Array;

  constructor(tag: string, plannedSteps: number, emit: (scalar: Scalar) => void) {
    this.#tag = tag;
    this.#emit = emit;
    this.#window =
      plannedSteps <= MAX_POINTS ? 1 : Math.ceil((plannedSteps * POINTS_A_BUCKET) / MAX_POINTS);
    this.#wallTimes = new Float64Array(this.#window);
  }

  /** `step` ascends. */
  add(step: number, wallTime: number, value: number): void {
    const window = Math.floor(step / this.#window);
    if (window !== this.#current) this.flush();
    this.#current = window;
    this.#bucket.add(step, value);
    this.#wallTimes[step % this.#window] = wallTime;
    if (this.#window === 1) this.flush();
  }

  /** Gives out the window under way; at the end of the run. */
  flush(): void {
    for (const { at, value } of this.#bucket.points()) {
      const wallTime = this.#wallTimes[at % this.#window]!;
      this.#emit({ tag: this.#tag, step: at, wallTime, value });
    }
    this.#bucket = new Bucket();
  }
}
