import { measuredTensors, type TensorKind } from '../events/distributions.ts';
import { hasWeights, isActivation, layersOf, type PlacedLayer } from './layers.ts';
import type { JudgedTrace } from './rule.ts';
import { type Look, measured } from './trace.ts';

/** Row of a layer's outputs among those of a look. */
export function activationRow({ started }: JudgedTrace, { path }: PlacedLayer): number {
  return 1 + 2 * started.plan.layers.findIndex((layer) => layer.path.join() === path.join());
}

/** Row of a layer's weights, of their gradient or of their update; -1 where it has none. */
export function weightsRow(
  { started }: JudgedTrace,
  { parameters }: PlacedLayer,
  kind: Extract<TensorKind, 'parameter' | 'parameterGradient' | 'update'>,
): number {
  const id = parameters.find(({ name }) => name === 'weights')?.id;
  const all = started.plan.layers.flatMap((layer) => layer.parameters);
  const index = all.findIndex((parameter) => parameter.id === id);
  if (id === undefined || index < 0) return -1;
  return measuredTensors(started.plan).findIndex(
    (row) => row.kind === kind && row.parameter === index,
  );
}

/** The look before the first update; null where there was none, or where training had begun elsewhere. */
export function firstLook({ firstLooks, resumed }: JudgedTrace): Look | null {
  const first = firstLooks[0];
  return !resumed && first?.step === 0 ? first : null;
}

/** The activations between layers with weights: what is behind the last of these is the output's. */
export function hiddenActivations(trace: JudgedTrace): PlacedLayer[] {
  const layers = layersOf(trace);
  const last = layers.findLastIndex(hasWeights);
  return layers.slice(0, Math.max(0, last)).filter(isActivation);
}

/** √(mean of squares) of a row. */
export function rootMeanSquare(look: Look, row: number): number {
  return Math.hypot(measured(look, row, 'mean'), measured(look, row, 'std'));
}

/** Root mean square of the gradient of each layer's weights, from the first layer that has some on. */
export function gradientSizes(trace: JudgedTrace, look: Look): number[] {
  return layersOf(trace)
    .filter(hasWeights)
    .map((layer) => {
      const row = weightsRow(trace, layer, 'parameterGradient');
      return row < 0 ? Number.NaN : rootMeanSquare(look, row);
    })
    .filter(Number.isFinite);
}
