import { STATISTICS, type Statistic } from '../events/distributions.ts';
import type { ActivityEvent, DistributionsEvent, PlanSummary } from '../events/run-event.ts';

/** What is told of a layer at one moment; NaN for what was not measured, or cannot be. */
export const LAYER_NUMBERS = [
  /** Of what it puts out. */
  'mean',
  'std',
  /** Fractions of its values. */
  'zero',
  'saturated',
  'nonFinite',
  /** ∂L/∂ of what it puts out. */
  'gradientMean',
  'gradientStd',
  'gradientNonFinite',
  /** ‖update‖ / ‖weights‖. */
  'ratio',
  /** The fraction of its units that were never active in the latest whole epoch. */
  'dead',
] as const;
export type LayerNumber = (typeof LAYER_NUMBERS)[number];

const placesOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name, i) => [name, i])) as Record<Name, number>;
const PLACE = placesOf(LAYER_NUMBERS);
const COLUMN = placesOf(STATISTICS);

/**
 * A row for the input, of index 0, and one for each layer, row-major [layers + 1 × LAYER_NUMBERS].
 * `activity` is the latest up to that moment.
 */
export function layerTable(
  plan: Pick<PlanSummary, 'layers'>,
  { statistics }: Pick<DistributionsEvent, 'statistics'>,
  activity: ActivityEvent | null,
): Float64Array {
  const width = LAYER_NUMBERS.length;
  const table = new Float64Array((plan.layers.length + 1) * width).fill(Number.NaN);
  const set = (layer: number, name: LayerNumber, value: number) => {
    table[(layer + 1) * width + PLACE[name]] = value;
  };
  const of = (row: number, name: Statistic) => statistics[row * STATISTICS.length + COLUMN[name]]!;
  const nonFinite = (row: number) => {
    const broken = of(row, 'nan') + of(row, 'infinite');
    return broken / (of(row, 'count') + broken);
  };
  // The rows of `measuredTensors`: the input, two a layer, three a parameter set.
  for (let layer = -1; layer < plan.layers.length; layer++) {
    const row = layer < 0 ? 0 : 1 + 2 * layer;
    for (const name of ['mean', 'std', 'zero', 'saturated'] as const)
      set(layer, name, of(row, name));
    set(layer, 'nonFinite', nonFinite(row));
    if (layer < 0) continue;
    set(layer, 'gradientMean', of(row + 1, 'mean'));
    set(layer, 'gradientStd', of(row + 1, 'std'));
    set(layer, 'gradientNonFinite', nonFinite(row + 1));
  }
  let row = 1 + 2 * plan.layers.length;
  for (const [layer, { parameters }] of plan.layers.entries()) {
    for (const { name } of parameters) {
      if (name === 'weights') set(layer, 'ratio', of(row + 2, 'norm') / of(row, 'norm'));
      row += 3;
    }
  }
  for (const [layer, dead] of activity ? deadFractions(activity) : []) set(layer, 'dead', dead);
  return table;
}

/** Of each layer that can die, the fraction of its units that were never active. */
export function deadFractions({ layers, units, active }: ActivityEvent): Map<number, number> {
  const fractions = new Map<number, number>();
  let from = 0;
  for (const [i, layer] of layers.entries()) {
    const ofLayer = active.subarray(from, from + units[i]!);
    fractions.set(layer, ofLayer.filter((share) => share === 0).length / ofLayer.length);
    from += units[i]!;
  }
  return fractions;
}
