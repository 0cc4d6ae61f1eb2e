/** A stretch of consecutive steps, some eighth of an epoch. */
export interface LossWindow {
  /** The last of its steps. */
  step: number;
  steps: number;
  /** Mean cost and mean data loss. */
  cost: number;
  dataLoss: number;
  /** Standard deviation of the batches' data losses. */
  deviation: number;
}

const WINDOWS_PER_EPOCH = 8;
/** The first cost is the mean over at least so many examples: one small batch tells little. */
const FIRST_EXAMPLES = 32;

/** How the loss went, in stretches: what rules need of a million steps in a few thousand numbers. */
export class LossCurve {
  readonly windows: LossWindow[] = [];
  /** Mean cost and data loss of the first batches; NaN before these are complete. */
  firstCost = Number.NaN;
  firstDataLoss = Number.NaN;
  readonly #window: number;
  readonly #firstSteps: number;
  #steps = 0;
  #cost = 0;
  #dataLoss = 0;
  #squares = 0;
  #firstCosts = 0;
  #firstDataLosses = 0;

  constructor(stepsPerEpoch: number, batchSize: number) {
    this.#window = Math.max(1, Math.round(stepsPerEpoch / WINDOWS_PER_EPOCH));
    this.#firstSteps = Math.min(
      Math.ceil(FIRST_EXAMPLES / Math.max(1, batchSize)),
      Math.max(1, Math.ceil(stepsPerEpoch / 4)),
    );
  }

  /** Mean data loss of the windows whose middle lies behind step `from`, up to `to`; NaN where there is none. */
  meanOf(from: number, to: number): number {
    const { windows } = this;
    const width = this.#window;
    const first = (windows[0]?.step ?? 0) - width;
    let sum = 0;
    let count = 0;
    for (let i = Math.max(0, Math.floor((from - first) / width) - 1); i < windows.length; i++) {
      const middle = windows[i]!.step - width / 2;
      if (middle > to) break;
      if (middle <= from) continue;
      sum += windows[i]!.dataLoss;
      count++;
    }
    return sum / count;
  }

  add(step: number, cost: number, dataLoss: number): void {
    if (step <= this.#firstSteps) {
      this.#firstCosts += cost;
      this.#firstDataLosses += dataLoss;
      if (step === this.#firstSteps) {
        this.firstCost = this.#firstCosts / step;
        this.firstDataLoss = this.#firstDataLosses / step;
      }
    }
    this.#steps++;
    this.#cost += cost;
    this.#dataLoss += dataLoss;
    this.#squares += dataLoss * dataLoss;
    if (this.#steps < this.#window) return;
    const steps = this.#steps;
    const mean = this.#dataLoss / steps;
    this.windows.push({
      step,
      steps,
      cost: this.#cost / steps,
      dataLoss: mean,
      deviation: Math.sqrt(Math.max(0, this.#squares / steps - mean * mean)),
    });
    this.#steps = 0;
    this.#cost = 0;
    this.#dataLoss = 0;
    this.#squares = 0;
  }
}
