import type { FilterOrder } from '../../core/inspection/filters/order.ts';
import { decodeWeights } from '../../core/inspection/weight-codes.ts';
import type { ToView, WantedWeights, WeightsOverview, WeightValues } from '../protocol.ts';
import type { RangeOf } from './picture.ts';

/** How the user looks at them; kept over a reload. */
export interface WeightsChoice {
  order: FilterOrder;
  range: RangeOf;
  /** The step that is looked at; null: the latest. */
  step: number | null;
}

export const FIRST_CHOICE: WeightsChoice = { order: 'unit', range: 'each', step: null };

/** What the view knows of the weights of one run. */
export interface WeightsState {
  run: string;
  overview: WeightsOverview;
  /** By `keyOf`; as they come, which is half as large. The host keeps few enough for a view to hold all. */
  values: Map<string, WeightValues>;
  /** Likewise: what the host has been asked for. */
  asked: Set<string>;
}

export const keyOf = ({ parameter, step }: WantedWeights) => `${parameter} ${step}`;

/** Takes in what the host says of them. */
export function receiveWeights(
  state: WeightsState | null,
  { run, overview, values }: Extract<ToView, { type: 'weights' }>,
): WeightsState | null {
  const known = state?.run === run ? state : null;
  const latest = overview ?? known?.overview;
  if (!latest) return null;
  const same = known?.overview.resumptions === latest.resumptions;
  const next: WeightsState = {
    run,
    overview: latest,
    values: same && known ? known.values : new Map(),
    asked: same && known ? known.asked : new Set(),
  };
  for (const value of values) next.values.set(keyOf(value), value);
  return next;
}

/** The values of a set at a step, which have come. */
export function valuesAt({ values }: WeightsState, parameter: number, step: number): Float32Array {
  return decodeWeights(values.get(keyOf({ parameter, step }))!);
}
