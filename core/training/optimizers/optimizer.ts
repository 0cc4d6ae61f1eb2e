import type { Config } from '../../config/index.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layers/layer.ts';
import { elementsOp, type Op, type Pass } from '../../network/op.ts';
import type { Clip } from '../clipping.ts';
import type { Regularization } from '../regularization.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Numbers in the norms of a part. */
export const NORMS = 3;

export type OptimizerConfig = Config['optimizer'];

/** One parameter set as an optimizer sees it. */
export interface Trained {
  parameter: Parameter;
  /** Tensors of the optimizer's own, each of the parameter's size, zero at the start. */
  state: Offset[];
  regularization: Regularization;
  clip: Clip;
  /** Receives float64 [Σ w² before the update, Σ update², Σ |w| before it] of each part. */
  norms: Offset;
}

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
 * An update rule: `stateTensors` says what it keeps for each parameter set; `build` gives what applies
 * one step to a slice. `pass.step` is the number of completed updates, 0 for the first.
 */
export interface OptimizerType<C extends OptimizerConfig> {
  stateTensors(config: C): number;
  build(kernels: Kernels, config: C): (slice: Slice, pass: Pass) => void;
}

const types: {
  [Type in OptimizerConfig['type']]: OptimizerType<Extract<OptimizerConfig, { type: Type }>>;
} = { sgd, adagrad, rmsprop, adam, adamW: adam };

/** The rule of this optimizer, usable with it: a table is as typed as its key, which TypeScript cannot follow. */
export function optimizerType(config: OptimizerConfig): OptimizerType<OptimizerConfig> {
  return types[config.type] as unknown as OptimizerType<OptimizerConfig>;
}

/** The update of one parameter set. */
export function updateOp(
  kernels: Kernels,
  config: OptimizerConfig,
  { parameter, state, regularization: { l1, l2 }, clip, norms }: Trained,
): Op {
  const apply = optimizerType(config).build(kernels, config);
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
    apply(slices[part], pass);
  });
}
