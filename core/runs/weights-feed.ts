import type { WeightsEvent } from '../events/run-event.ts';
import { type FirstLayer, firstLayer } from '../inspection/filters/layout.ts';
import type { RunHistory } from './history.ts';

/** A parameter set whose values were kept. */
export interface WeightSet {
  /** Its index over all layers. */
  parameter: number;
  /** The layer's label, e.g. "dense 1". */
  layer: string;
  /** The last extent is the layer's units. */
  shape: number[];
}

/** What there is to be seen of a run's weights. */
export interface WeightsOverview {
  /** Null where no layer has weights. */
  first: FirstLayer | null;
  sets: WeightSet[];
  /** Labels of layers whose weights were too large to be kept. */
  tooLarge: string[];
  /** How often the run was resumed: values of the same step may be others then. */
  resumptions: number;
  /** Something of this run was measured, if not its weights. */
  inspected: boolean;
  /** When the values were kept: of all sets at once. */
  steps: Float64Array;
  epochs: Float64Array;
}

/** The values of a set at a moment. */
export type WeightValues = Pick<WeightsEvent, 'parameter' | 'step' | 'scale' | 'codes'>;
export type WantedWeights = Pick<WeightsEvent, 'parameter' | 'step'>;

/** The weights of one run, for one client: it asks for what it shows. */
export class WeightsFeed {
  readonly #history: RunHistory;
  /** What of the run the client knows, in a word. */
  #sent = '';

  constructor(history: RunHistory) {
    this.#history = history;
  }

  /** The client has nothing any more. */
  reset(): void {
    this.#sent = '';
  }

  /** What there is to be seen, if the client does not know it; null also before anything is known. */
  news(): WeightsOverview | null {
    const { started, inspected, resumptions } = this.#history;
    if (!started) return null;
    const kept = inspected.weights.map(({ events }) => events.length);
    const state = `${resumptions} ${kept} ${inspected.distributions.events.length > 0}`;
    if (state === this.#sent) return null;
    this.#sent = state;
    return this.#overview();
  }

  /** Of what is asked for, that which was kept. */
  values(wanted: readonly WantedWeights[]): WeightValues[] {
    const { weights } = this.#history.inspected;
    return wanted.flatMap(({ parameter, step }) => {
      const event = weights[parameter]?.before(step);
      return event?.step === step
        ? [{ parameter, step, scale: event.scale, codes: event.codes }]
        : [];
    });
  }

  #overview(): WeightsOverview {
    const { started, inspected, resumptions } = this.#history;
    const { plan } = started!;
    const all = plan.layers
      .flatMap(({ label, parameters }) =>
        parameters.map(({ name, shape }) => ({ layer: label, name, shape })),
      )
      .map((set, parameter) => ({ ...set, parameter }))
      .filter(({ name }) => name === 'weights');
    const has = ({ parameter }: WeightSet) => inspected.weights[parameter]!.events.length > 0;
    const sets = all.filter(has);
    // The sets of a moment come one after another: where the last is there, all are.
    const moments = inspected.weights[sets.at(-1)?.parameter ?? -1]?.events ?? [];
    return {
      first: firstLayer(plan),
      sets: sets.map(({ parameter, layer, shape }) => ({ parameter, layer, shape })),
      tooLarge: sets.length > 0 ? all.filter((set) => !has(set)).map(({ layer }) => layer) : [],
      resumptions,
      inspected: inspected.distributions.events.length > 0,
      steps: Float64Array.from(moments, ({ step }) => step),
      epochs: Float64Array.from(moments, ({ epoch }) => epoch),
    };
  }
}
