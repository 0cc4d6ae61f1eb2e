import { setImmediate } from 'node:timers/promises';
import { measuredTensors } from '../events/distributions.ts';
import { mayBeSmall, numberOfValues } from '../inspection/graph/size.ts';
import { LAYER_NUMBERS, layerTable } from '../inspection/layer-table.ts';
import { pictureOf } from '../inspection/picture.ts';
import type { RunHistory } from './history.ts';
import type { LayerMoments, TensorPicture } from './layer-moments.ts';
import type { Look } from './look.ts';
import { histogramsOf } from './look-histograms.ts';

/** Pictures that are made from one reading of the log: as many as are seen at once. */
const AT_ONCE = 24;

/**
 * What was measured inside one run, for one client: it asks for the pictures of some tensors, and gets what
 * it does not have yet of these.
 */
export class InspectionFeed {
  readonly #history: RunHistory;
  #wanted: readonly number[] = [];
  /** How many moments, and of which resumption, the client has. */
  #sent = '';
  readonly #pictures = new Set<number>();
  /** An event's numbers, once no more of them can come. */
  readonly #tables = new WeakMap<Look, Float64Array>();

  constructor(history: RunHistory) {
    this.#history = history;
  }

  /** The client shows these tensors, and no others. */
  want(tensors: readonly number[]): void {
    this.#wanted = tensors;
  }

  /** The client has nothing any more. */
  reset(): void {
    this.#sent = '';
    this.#pictures.clear();
  }

  /** The numbers, if the client lacks them; null also before anything is known of the run. */
  news(): LayerMoments | null {
    const { started, inspected, resumptions } = this.#history;
    if (!started) return null;
    const { distributions, activity } = inspected;
    const state = `${resumptions} ${distributions.events.length} ${activity.events.length}`;
    if (state === this.#sent) return null;
    this.#sent = state;
    this.#pictures.clear();
    return this.#moments();
  }

  /**
   * Some of the pictures that the client wants and does not have; none if it has them all. They may take
   * reading: throws where the log is gone.
   */
  async pictures(): Promise<TensorPicture[]> {
    const { events } = this.#history.inspected.distributions;
    const missing = this.#wanted.filter((tensor) => !this.#pictures.has(tensor)).slice(0, AT_ONCE);
    for (const tensor of missing) this.#pictures.add(tensor);
    const histograms = missing.length > 0 ? await histogramsOf(events, missing) : [];
    const made: TensorPicture[] = [];
    for (const [i, tensor] of missing.entries()) {
      made.push({ tensor, picture: pictureOf(histograms.map((moment) => moment[i]!)) });
      // A hundred moments take some milliseconds: others are let in.
      await setImmediate();
    }
    return made;
  }

  #moments(): LayerMoments {
    const { started, inspected } = this.#history;
    const { events } = inspected.distributions;
    const { plan } = started!;
    const rows = (plan.layers.length + 1) * LAYER_NUMBERS.length;
    const numbers = new Float64Array(events.length * rows);
    for (const [i, event] of events.entries()) {
      let table = this.#tables.get(event);
      if (!table) {
        table = layerTable(plan, event, inspected.activity.before(event.step));
        // The activity of an epoch is told after the look at its end.
        if (event.step < this.#history.step) this.#tables.set(event, table);
      }
      numbers.set(table, i * rows);
    }
    const names = plan.layers.flatMap(({ parameters }) => parameters.map(({ name }) => name));
    return {
      layers: plan.layers.map(({ label, outputShape, parameters, path }) => ({
        label,
        outputShape,
        parameterCount: parameters.reduce((sum, { shape }) => sum + numberOfValues(shape), 0),
        depth: path.filter((step) => step === 'residual').length,
      })),
      maybeSmall: mayBeSmall(plan),
      tensors: measuredTensors(plan).map(({ kind, layer, parameter }) => ({
        kind,
        layer,
        parameter: names[parameter] ?? null,
      })),
      steps: Float64Array.from(events, ({ step }) => step),
      epochs: Float64Array.from(events, ({ epoch }) => epoch),
      onProbe: Uint8Array.from(events, ({ batch }) => Number(batch === 'probe')),
      numbers,
    };
  }
}
