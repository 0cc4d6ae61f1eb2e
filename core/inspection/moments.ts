import type { Config } from '../config/index.ts';
import type { StepMeasurement } from '../training/trainer.ts';

/** More moments of a run than this nobody looks at, and they fill the disk. */
const MOST_MOMENTS = 1000;

type Cadence = Exclude<Config['inspect'], 'none'>;

/** At which steps it is measured what is inside the network: by their numbers alone. */
export class Moments {
  readonly #cadence: Cadence;
  readonly #stepsPerEpoch: number;
  readonly #epochs: number;
  readonly #everyEpochs: number;

  constructor(cadence: Cadence, stepsPerEpoch: number, epochs: number) {
    this.#cadence = cadence;
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#epochs = epochs;
    const wanted = cadence.everyEpochs ?? 1;
    this.#everyEpochs = wanted * Math.ceil(epochs / wanted / MOST_MOMENTS);
  }

  /** Whether there is a look at the network after so many updates; 0 is before the first. */
  includes(step: number): boolean {
    if (step === 0) return true;
    const { everySteps } = this.#cadence;
    if (everySteps !== undefined) return step % everySteps === 0;
    // Most changes at first: at 1, 2, 4, 8 … steps.
    if (step < this.#stepsPerEpoch) return Number.isInteger(Math.log2(step));
    return this.endsEpoch(step) && this.#endsChosen(step / this.#stepsPerEpoch);
  }

  /** What the step with this number has to measure. */
  measurement(step: number): StepMeasurement {
    if (!this.includes(step)) return 'none';
    return this.byStep ? 'all' : 'updates';
  }

  /** A look is at the batch of the step, not at the probe. */
  get byStep(): boolean {
    return this.#cadence.everySteps !== undefined;
  }

  endsEpoch(step: number): boolean {
    return step > 0 && step % this.#stepsPerEpoch === 0;
  }

  #endsChosen(epoch: number): boolean {
    return epoch % this.#everyEpochs === 0 || epoch === this.#epochs;
  }
}
