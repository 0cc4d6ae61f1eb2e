import type { PlanSummary } from './run-event.ts';

/** What is measured of a network: tensors in a fixed order, which the plan alone determines. */
export type TensorKind =
  /** What enters the first layer, preprocessed. */
  | 'input'
  /** What a layer puts out, and ∂L/∂ of it. */
  | 'activation'
  | 'activationGradient'
  /** A parameter set, ∂L/∂ of it by the data loss alone, and what a step has truly added to it. */
  | 'parameter'
  | 'parameterGradient'
  | 'update';

export interface MeasuredTensor {
  kind: TensorKind;
  /** Index of the layer in the plan; -1 for the input. */
  layer: number;
  /** Index of the parameter set over all layers; -1 where it is none. */
  parameter: number;
}

/**
 * The rows of a `distributions` event: the input, two for each layer (activation, its gradient), three
 * for each parameter set over all layers (value, gradient, update).
 */
export function measuredTensors({ layers }: Pick<PlanSummary, 'layers'>): MeasuredTensor[] {
  const ofLayers = layers.flatMap((_, layer) =>
    (['activation', 'activationGradient'] as const).map((kind) => ({ kind, layer, parameter: -1 })),
  );
  const owners = layers.flatMap(({ parameters }, layer) => parameters.map(() => layer));
  const ofParameters = owners.flatMap((layer, parameter) =>
    (['parameter', 'parameterGradient', 'update'] as const).map((kind) => ({
      kind,
      layer,
      parameter,
    })),
  );
  return [{ kind: 'input', layer: -1, parameter: -1 }, ...ofLayers, ...ofParameters];
}

/** The columns of `DistributionsEvent.statistics`, of the finite values unless they say otherwise. */
export const STATISTICS = [
  /** Finite values; 0 where nothing was measured (a gradient that nobody needs, the update of step 0). */
  'count',
  'nan',
  /** +∞ or −∞. */
  'infinite',
  /** NaN where there is no finite value; so are the next four. */
  'mean',
  /** Of the whole population: divided by the count. */
  'std',
  'min',
  'max',
  /** √Σx² */
  'norm',
  /** Fraction of all values, 0 … 1, that are 0 or below 2⁻¹²⁹ in size. */
  'zero',
  /** Fraction of all values where the activation's derivative is below 5 % of its largest; NaN for what cannot saturate. */
  'saturated',
] as const;
export type Statistic = (typeof STATISTICS)[number];

export type Statistics = Record<Statistic, number>;

/** The numbers of one row. */
export function statisticsOf(columns: Float64Array, row: number): Statistics {
  const from = row * STATISTICS.length;
  const entries = STATISTICS.map((name, i) => [name, columns[from + i] ?? Number.NaN]);
  return Object.fromEntries(entries) as Statistics;
}
