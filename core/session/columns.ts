import type { RatiosEvent, StepsEvent } from '../events/run-event.ts';

const FIRST_CAPACITY = 1024;

/** What a step measured. */
export interface StepFacts {
  loss: number;
  dataLoss: number;
  learningRate: number;
}

/** Collects rows of consecutive steps; growing is rare, so that a step allocates nothing. */
export class StepColumns {
  #count = 0;
  #firstStep = 0;
  #startTime = 0;
  #endTime = 0;
  #regularized = false;
  #loss = new Float64Array(FIRST_CAPACITY);
  #dataLoss = new Float64Array(FIRST_CAPACITY);
  #learningRate = new Float64Array(FIRST_CAPACITY);

  add(step: number, time: number, { loss, dataLoss, learningRate }: StepFacts): void {
    const row = this.#count;
    if (row === 0) {
      this.#firstStep = step;
      this.#startTime = time;
    } else if (row === this.#loss.length) {
      this.#loss = grown(this.#loss);
      this.#dataLoss = grown(this.#dataLoss);
      this.#learningRate = grown(this.#learningRate);
    }
    this.#endTime = time;
    this.#loss[row] = loss;
    this.#dataLoss[row] = dataLoss;
    this.#learningRate[row] = learningRate;
    if (!Object.is(loss, dataLoss)) this.#regularized = true;
    this.#count++;
  }

  /** The rows since the last call, or null if there are none. */
  take(): StepsEvent | null {
    if (this.#count === 0) return null;
    const event: StepsEvent = {
      type: 'steps',
      firstStep: this.#firstStep,
      startTime: this.#startTime,
      endTime: this.#endTime,
      loss: this.#loss.slice(0, this.#count),
      dataLoss: this.#regularized ? this.#dataLoss.slice(0, this.#count) : null,
      learningRate: this.#learningRate.slice(0, this.#count),
    };
    this.#count = 0;
    this.#regularized = false;
    return event;
  }
}

/** Collects ‖update‖ / ‖W‖ of the steps that are measured. */
export class RatioColumns {
  #steps: number[] = [];
  #ratios: Float32Array[] = [];
  readonly #every: number;

  constructor(stepsPerEpoch: number) {
    this.#every = Math.max(1, Math.round(stepsPerEpoch / RATIOS_PER_EPOCH));
  }

  /** By step number only, so that the same run always measures the same steps. */
  measures(step: number): boolean {
    return step <= RATIOS_AT_START || step % this.#every === 0;
  }

  add(step: number, ratios: Float32Array): void {
    this.#steps.push(step);
    this.#ratios.push(ratios.slice());
  }

  take(): RatiosEvent | null {
    if (this.#steps.length === 0) return null;
    const width = this.#ratios[0]?.length ?? 0;
    const ratios = new Float32Array(this.#steps.length * width);
    this.#ratios.forEach((row, i) => {
      ratios.set(row, i * width);
    });
    const event: RatiosEvent = { type: 'ratios', steps: Float64Array.from(this.#steps), ratios };
    this.#steps = [];
    this.#ratios = [];
    return event;
  }
}

/** Each of the first steps, when most happens; later about this many an epoch. */
const RATIOS_AT_START = 100;
const RATIOS_PER_EPOCH = 50;

function grown(column: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(column.length * 2);
  larger.set(column);
  return larger;
}
