import { measuredTensors, statisticsOf } from '../events/distributions.ts';
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
  'gradientStd',
  'gradientNonFinite',
  /** ‖update‖ / ‖weights‖. */
  'ratio',
  /** The fraction of its units that were never active in the latest whole epoch. */
  'dead',
] as const;
export type LayerNumber = (typeof LAYER_NUMBERS)[number];

/**
 * A row for the input, of index 0, and one for each layer, row-major [layers + 1 × LAYER_NUMBERS].
 * `activity` is the latest up to that moment.
 */
export function layerTable(
  plan: Pick<PlanSummary, 'layers'>,
  { statistics }: DistributionsEvent,
  activity: ActivityEvent | null,
): Float64Array {
  const width = LAYER_NUMBERS.length;
  const table = new Float64Array((plan.layers.length + 1) * width).fill(Number.NaN);
  const set = (layer: number, name: LayerNumber, value: number) => {
    table[(layer + 1) * width + LAYER_NUMBERS.indexOf(name)] = value;
  };
  const norms = new Map<string, number>();
  for (const [row, { kind, layer, parameter }] of measuredTensors(plan).entries()) {
    const found = statisticsOf(statistics, row);
    const broken = found.nan + found.infinite;
    const nonFinite = broken / (found.count + broken);
    if (kind === 'input' || kind === 'activation') {
      set(layer, 'mean', found.mean);
      set(layer, 'std', found.std);
      set(layer, 'zero', found.zero);
      set(layer, 'saturated', found.saturated);
      set(layer, 'nonFinite', nonFinite);
    } else if (kind === 'activationGradient') {
      set(layer, 'gradientStd', found.std);
      set(layer, 'gradientNonFinite', nonFinite);
    } else {
      norms.set(`${kind} ${parameter}`, found.norm);
    }
  }
  let parameter = 0;
  for (const [layer, { parameters }] of plan.layers.entries()) {
    for (const { name } of parameters) {
      const update = norms.get(`update ${parameter}`) ?? Number.NaN;
      const size = norms.get(`parameter ${parameter}`) ?? Number.NaN;
      if (name === 'weights') set(layer, 'ratio', update / size);
      parameter++;
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
