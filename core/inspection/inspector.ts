import type { Config } from '../config/index.ts';
import type { RunEvent } from '../events/run-event.ts';
import type { Trainer } from '../training/trainer.ts';
import { readActivity } from './activity.ts';
import { Distributions } from './distributions.ts';
import { Moments } from './moments.ts';
import { planWeights, readWeights, type WeightsPlan } from './weights.ts';

const NOTHING: RunEvent[] = [];

/** Looks into a network while it is trained. The training does not notice. */
export class Inspector {
  readonly moments: Moments;
  readonly #trainer: Trainer;
  readonly #distributions: Distributions;
  readonly #weights: WeightsPlan;
  readonly #epochs: number;

  /** Null where nothing is to be inspected. */
  static of({ inspect, training }: Config, trainer: Trainer): Inspector | null {
    if (inspect === 'none') return null;
    const moments = new Moments(inspect, trainer.stepsPerEpoch, training.epochs);
    return new Inspector(trainer, moments, training.epochs);
  }

  private constructor(trainer: Trainer, moments: Moments, epochs: number) {
    this.moments = moments;
    this.#trainer = trainer;
    this.#distributions = new Distributions(trainer.memory, trainer.plan);
    this.#weights = planWeights(trainer.plan, epochs);
    this.#epochs = epochs;
  }

  /** What there is to tell after the latest step, or before the first; nothing if the probe is abandoned. */
  look(time: number): RunEvent[] {
    const trainer = this.#trainer;
    const { memory, plan, step } = trainer;
    if (!this.moments.includes(step) && !this.moments.endsEpoch(step)) return NOTHING;
    const at = { step, epoch: step / plan.stepsPerEpoch, time };
    const events: RunEvent[] = [];
    if (this.moments.includes(step)) {
      const batch = this.moments.byStep && step > 0 ? 'training' : 'probe';
      if (batch === 'probe' && !trainer.probe()) return NOTHING;
      events.push({ type: 'distributions', ...at, batch, ...this.#distributions.read() });
    }
    if (this.moments.endsEpoch(step)) {
      // A run that goes on within an epoch has not seen all of it.
      const whole = trainer.countedSteps === plan.stepsPerEpoch;
      const activity = whole ? readActivity(memory, plan) : null;
      if (activity) events.push({ type: 'activity', ...at, ...activity });
    }
    if (this.#picturesWeights(at.epoch)) {
      for (const parameter of this.#weights.parameters)
        events.push({ type: 'weights', ...at, ...readWeights(memory, plan, parameter) });
    }
    return events;
  }

  /** What the inside was like in the latest step, whose data loss is no finite number. */
  autopsy(time: number): RunEvent[] {
    const trainer = this.#trainer;
    const { plan, step } = trainer;
    if (!trainer.replay()) return NOTHING;
    const at = { step, epoch: step / plan.stepsPerEpoch, time };
    return [{ type: 'distributions', ...at, batch: 'training', ...this.#distributions.read() }];
  }

  #picturesWeights(epoch: number): boolean {
    return (
      Number.isInteger(epoch) && (epoch % this.#weights.everyEpochs === 0 || epoch === this.#epochs)
    );
  }
}
