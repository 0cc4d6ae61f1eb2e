import type { Config } from '../../config/index.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import { elementsOp, type Op, type Pass } from '../../network/op.ts';
import type { Clip } from '../clipping.ts';
import type { Plan } from '../plan.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { lbfgsOps, lbfgsTensors } from './lbfgs.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';
import { NORMS, type Trained } from './trained.ts';

export type OptimizerConfig = Config['optimizer'];
/** Of an optimizer that takes each value for itself. */
type ElementwiseConfig = Exclude<OptimizerConfig, { type: 'lbfgs' }>;

/** A range of a parameter set: places of its `count` values, their gradients and their state. */
export interface Slice extends Clip {
  count: number;
  value: Offset;
  gradient: Offset;
  state: Offset[];
  l1: number;
  l2: number;
  norms: Offset;
}

/**
 * An update rule that takes each value for itself: `stateTensors` says what it keeps for each parameter
 * set; `build` gives what applies one step to a slice. `pass.step` is the number of completed updates, 0
 * for the first.
 */
export interface OptimizerType<C extends ElementwiseConfig> {
  stateTensors(config: C): number;
  build(kernels: Kernels, config: C): (slice: Slice, pass: Pass) => void;
}

const types: {
  [Type in ElementwiseConfig['type']]: OptimizerType<Extract<ElementwiseConfig, { type: Type }>>;
} = { sgd, adagrad, rmsprop, adam, adamW: adam };

/** The rule of this optimizer, usable with it: a table is as typed as its key, which TypeScript cannot follow. */
function ruleOf(config: ElementwiseConfig): OptimizerType<ElementwiseConfig> {
  return types[config.type] as unknown as OptimizerType<ElementwiseConfig>;
}

/** How many tensors an optimizer keeps for each parameter set. */
export function stateTensors(config: OptimizerConfig): number {
  return config.type === 'lbfgs' ? lbfgsTensors(config) : ruleOf(config).stateTensors(config);
}

/** The update of all parameters that are trained. */
export function updateOps(
  kernels: Kernels,
  config: OptimizerConfig,
  trained: readonly Trained[],
  { lbfgs }: Plan,
): Op[] {
  if (config.type !== 'lbfgs') return trained.map((one) => updateOp(kernels, config, one));
  if (!lbfgs) throw new Error('The plan is that of another optimizer.');
  return [
    ...trained.flatMap((one) => copyOps(kernels, one)),
    ...lbfgsOps(kernels, config, trained, lbfgs),
  ];
}

/** The update of one parameter set. */
function updateOp(
  kernels: Kernels,
  config: ElementwiseConfig,
  { parameter, state, regularization: { l1, l2 }, clip, norms, before }: Trained,
): Op {
  const apply = ruleOf(config).build(kernels, config);
  const { value, gradient, summary } = parameter;
  // Made once: a step allocates nothing.
  const slices: Slice[] = [];
  return elementsOp(`update ${summary.name}`, value.size, (from, count, pass, part) => {
    slices[part] ??= {
      count,
      value: value.offset + from * 4,
      gradient: gradient.offset + from * 4,
      state: state.map((offset) => offset + from * 4),
      l1,
      l2,
      limit: clip.limit,
      scale: clip.scale,
      norms: norms + part * NORMS * 8,
    };
    // While they are in the cache.
    if (before !== 0) kernels.copy(count, value.offset + from * 4, before + from * 4);
    apply(slices[part], pass);
  });
}

function copyOps(kernels: Kernels, { parameter: { value }, before }: Trained): Op[] {
  if (before === 0) return [];
  return [
    elementsOp('copy parameters', value.size, (from, count) =>
      kernels.copy(count, value.offset + from * 4, before + from * 4),
    ),
  ];
}
