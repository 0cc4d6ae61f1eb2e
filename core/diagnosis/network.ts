import { type MeasuredTensor, measuredTensors, type TensorKind } from '../events/distributions.ts';
import type { PlanSummary } from '../events/run-event.ts';
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
  return rowsOf(started.plan).findIndex((row) => row.kind === kind && row.parameter === index);
}

/** The same for all looks of a run. */
const ROWS = new WeakMap<PlanSummary, readonly MeasuredTensor[]>();

function rowsOf(plan: PlanSummary): readonly MeasuredTensor[] {
  const rows = ROWS.get(plan) ?? measuredTensors(plan);
  ROWS.set(plan, rows);
  return rows;
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

/** The gradient of the first layer's weights over that of the last's; NaN where there are fewer than three layers. */
export function fading(trace: JudgedTrace, look: Look): number {
  const sizes = gradientSizes(trace, look);
  return sizes.length < 3 ? Number.NaN : sizes[0]! / sizes.at(-1)!;
}

/** The same before the first step: the network is built so. */
export function fadingAtFirst(trace: JudgedTrace): number {
  const look = firstLook(trace);
  return look ? fading(trace, look) : Number.NaN;
}
