import { measuredTensors } from '../events/distributions.ts';
import type { ActivityEvent, PlanSummary, WeightsEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import type { Look } from './look.ts';

/** Events of one kind, in ascending order of steps: at most one a step. */
export class Moments<Event extends { step: number }> {
  #events: Event[] = [];

  /** The events themselves, not to be changed. */
  get events(): readonly Event[] {
    return this.#events;
  }

  /** The latest that tells of this step or of one before; null where there is none. */
  before(step: number): Event | null {
    return this.#events.findLast((event) => event.step <= step) ?? null;
  }

  /** A second event of one step takes the place of the first: a resumed run may look again. */
  push(event: Event): void {
    const last = this.#events.at(-1)?.step ?? -1;
    if (event.step < last) {
      throw new UserError(
        `The log is damaged: what was measured at step ${event.step} follows step ${last}.`,
      );
    }
    if (event.step === last) this.#events.pop();
    this.#events.push(event);
  }

  /** Forgets what came after a step. */
  rewind(step: number): void {
    this.#events = this.#events.filter((event) => event.step <= step);
  }
}

/** What was measured inside a network, and has not been read yet. */
export interface UnreadInside {
  /** Gives it to a run that has nothing of it; returns what is wrong with some of it, in a sentence. */
  read(inspected: Inspected): Promise<string | null>;
}

/**
 * What was measured inside a network: the events as they came, their columns packed. 100 layers at 200
 * moments are some 10 MB, and 50 MB of counts, which only a run that is trained now has in memory (`Look`).
 */
export class Inspected {
  readonly distributions = new Moments<Look>();
  readonly activity = new Moments<ActivityEvent>();
  /** For each parameter set over all layers; most have none. */
  readonly weights: readonly Moments<WeightsEvent>[];
  /** Units of each layer: the last dimension of its output. */
  readonly #units: number[];
  /** Values of each parameter set. */
  readonly #sizes: number[];
  readonly #rows: number;

  constructor(plan: Pick<PlanSummary, 'layers'>) {
    this.#rows = measuredTensors(plan).length;
    this.#units = plan.layers.map(({ outputShape }) => outputShape.at(-1) ?? 1);
    this.#sizes = plan.layers.flatMap(({ parameters }) =>
      parameters.map(({ shape }) => shape.reduce((size, length) => size * length, 1)),
    );
    this.weights = this.#sizes.map(() => new Moments());
  }

  /** Takes an event in. Throws UserError where it does not fit the network. */
  push(event: Look | ActivityEvent | WeightsEvent): void {
    switch (event.type) {
      case 'distributions':
        this.#takeDistributions(event);
        break;
      case 'activity':
        this.#takeActivity(event);
        break;
      case 'weights':
        this.#takeWeights(event);
        break;
    }
  }

  /** Forgets what came after a checkpoint; what was measured at its step stays. */
  rewind(step: number): void {
    for (const moments of [this.distributions, this.activity, ...this.weights])
      moments.rewind(step);
  }

  #takeDistributions(event: Look): void {
    const rows = event.bins.length / 4;
    if (rows !== this.#rows)
      throw new UserError(
        `The log is damaged: ${rows} tensors were measured at step ${event.step} of a network that has ${this.#rows}.`,
      );
    this.distributions.push(event);
  }

  #takeActivity(event: ActivityEvent): void {
    for (const [i, layer] of event.layers.entries()) {
      if (event.units[i] !== this.#units[layer])
        throw new UserError(
          `The log is damaged: at step ${event.step} it tells of ${event.units[i]} units of layer ${layer}, which has ${this.#units[layer] ?? 'no place in the network'}.`,
        );
    }
    this.activity.push(event);
  }

  #takeWeights(event: WeightsEvent): void {
    const moments = this.weights[event.parameter];
    const size = this.#sizes[event.parameter];
    if (!moments || event.codes.length !== size)
      throw new UserError(
        `The log is damaged: at step ${event.step} it tells of ${event.codes.length} values of parameter set ${event.parameter}, which has ${size ?? 'no place in the network'}.`,
      );
    moments.push(event);
  }
}
