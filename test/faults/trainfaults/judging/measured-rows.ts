import type { JudgedTrace } from '../../../../core/diagnosis/rule.ts';
import { type Look, measured } from '../../../../core/diagnosis/trace.ts';
import {
  type MeasuredTensor,
  measuredTensors,
  type Statistic,
  type TensorKind,
} from '../../../../core/events/distributions.ts';
import type { LayerSummary } from '../../../../core/events/run-event.ts';

/** One tensor of a look. */
export interface Tensor extends MeasuredTensor {
  of(name: Statistic): number;
}

export function tensors(trace: JudgedTrace, kind: TensorKind, look = trace.look): Tensor[] {
  if (!look) return [];
  return measuredTensors(trace.started.plan).flatMap((tensor, row) =>
    tensor.kind === kind ? [{ ...tensor, of: (name: Statistic) => measured(look, row, name) }] : [],
  );
}

/** Of the weights of dense and convolutional layers, from the first to the last; biases and the like left out. */
export function ofWeights(trace: JudgedTrace, kind: TensorKind, look?: Look): Tensor[] {
  const names = trace.started.plan.layers.flatMap(({ parameters }) =>
    parameters.map(({ name }) => name),
  );
  return tensors(trace, kind, look ?? trace.look).filter(
    ({ parameter, of }) => names[parameter] === 'weights' && of('count') > 0,
  );
}

/** What layers of these kinds put out; `input`: what goes into them. */
export function ofLayers(
  trace: JudgedTrace,
  kinds: readonly string[],
  { input = false, look }: { input?: boolean; look?: Look } = {},
): Tensor[] {
  const { layers } = trace.started.plan;
  const outputs = tensors(trace, 'activation', look ?? trace.look);
  return layers.flatMap(({ kind }: LayerSummary, index) => {
    const tensor = outputs[input ? index - 1 : index];
    return kinds.includes(kind) && tensor ? [tensor] : [];
  });
}

export function rms(tensor: Tensor): number {
  return tensor.of('norm') / Math.sqrt(tensor.of('count'));
}

/** The size that half of the values exceed, if they are normal. */
export function medianSize(tensor: Tensor): number {
  return Math.max(Math.abs(tensor.of('mean')), 0.6745 * tensor.of('std'));
}

/** What comes into the network, preprocessed. */
export function inputOf(trace: JudgedTrace): Tensor | undefined {
  return tensors(trace, 'input', trace.firstLooks[0] ?? null)[0];
}

export function hasBrokenNumbers(trace: JudgedTrace): boolean {
  if (trace.step > 0 && !Number.isFinite(trace.last.loss)) return true;
  const kinds = ['activation', 'parameter', 'parameterGradient'] as const;
  return kinds.some((kind) =>
    tensors(trace, kind).some(({ of }) => of('nan') + of('infinite') > 0),
  );
}

/** Units of relu layers that were active in less than this share of an epoch, as a share of their layer. */
export function deadShares({ activity }: JudgedTrace, least: number): number[] {
  if (!activity) return [];
  let from = 0;
  return [...activity.units].map((units) => {
    const layer = activity.active.subarray(from, from + units);
    from += units;
    return layer.filter((active) => active / 255 < least).length / units;
  });
}
