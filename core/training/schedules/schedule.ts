import type { Config } from '../../config/index.ts';
import { Patience, type PatienceState } from '../patience.ts';
import { cosine, cosineRestarts } from './cosine.ts';
import { exponential, inverse, step } from './decay.ts';
import { oneCycle } from './one-cycle.ts';

export type ScheduleConfig = Config['schedule'];

/** A moment of the training, after the warm-up. */
export interface Moment {
  /** Completed updates. */
  updates: number;
  /** Updates of the whole training. */
  total: number;
  stepsPerEpoch: number;
}

/** By what the full rate is multiplied at a moment. Pure, so that a resumed run has the same rates. */
export type Shape<C extends ScheduleConfig> = (config: C, moment: Moment) => number;

const shapes: {
  [Type in ScheduleConfig['type']]: Shape<Extract<ScheduleConfig, { type: Type }>>;
} = {
  constant: () => 1,
  // Its cuts follow the validation loss: see `Schedule.see`.
  plateau: () => 1,
  step,
  exponential,
  inverse,
  cosine,
  cosineRestarts,
  oneCycle,
};

/** PyTorch's: a loss counts as lower when it is so by one part in ten thousand. */
const PLATEAU_THRESHOLD = 1e-4;

/** What a schedule remembers of the validation losses. */
export interface ScheduleState extends PatienceState {
  /** Product of the cuts on a plateau. */
  cuts: number;
}

/**
 * The learning rate over a training: warm-up, then the shape. Steps, exponential and inverse decay
 * and plateaus change it between epochs, warm-up, cosines and oneCycle with every update, as
 * PyTorch's schedulers are commonly used.
 */
export class Schedule {
  readonly #config: ScheduleConfig;
  readonly #shape: Shape<ScheduleConfig>;
  readonly #warmup: number;
  /** Reused: a step allocates nothing. */
  readonly #moment: Moment;
  readonly #patience: Patience | null;
  #cuts = 1;

  constructor(config: ScheduleConfig, stepsPerEpoch: number, epochs: number) {
    this.#config = config;
    // A table is as typed as its key, which TypeScript cannot follow.
    this.#shape = shapes[config.type] as Shape<ScheduleConfig>;
    this.#warmup = Math.ceil(config.warmup * stepsPerEpoch);
    const total = Math.max(1, epochs * stepsPerEpoch - this.#warmup);
    this.#moment = { updates: 0, total, stepsPerEpoch };
    // PyTorch's patience is what is put up with: the epoch after it is one too many.
    this.#patience =
      config.type === 'plateau' ? new Patience(config.patience + 1, PLATEAU_THRESHOLD) : null;
  }

  /** By what the full rate is multiplied for the update after so many completed ones. */
  factor(step: number): number {
    if (step < this.#warmup) return (step + 1) / this.#warmup;
    this.#moment.updates = step - this.#warmup;
    return this.#cuts * this.#shape(this.#config, this.#moment);
  }

  /** To be told the validation loss of each epoch. */
  see(validationLoss: number): void {
    if (this.#config.type !== 'plateau' || !this.#patience?.see(validationLoss)) return;
    this.#cuts *= this.#config.factor;
    this.#patience.restart();
  }

  get state(): ScheduleState | null {
    return this.#patience && { ...this.#patience.state, cuts: this.#cuts };
  }

  set state(state: ScheduleState | null) {
    if (!state || !this.#patience) return;
    const { cuts, ...patience } = state;
    this.#cuts = cuts;
    this.#patience.state = patience;
  }
}
