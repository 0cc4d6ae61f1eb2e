import type { Config } from '../../config/index.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layers/layer.ts';
import { adam } from './adam.ts';
import { sgd } from './sgd.ts';

export type OptimizerConfig = Config['optimizer'];

/** One parameter set as an optimizer sees it. */
export interface Trained {
  parameter: Parameter;
  /** Tensors of the optimizer's own, each of the parameter's size, zero at the start. */
  state: Offset[];
  /** λ of ½λw². */
  l2: number;
  /** Receives float64 [Σ w² before the update, Σ update²]. */
  norms: Offset;
}

/**
 * An update rule: `stateTensors` says what it keeps for each parameter set; `update` applies one
 * step. `step` is the number of this update, 1 for the first.
 */
export interface OptimizerType<C extends OptimizerConfig> {
  stateTensors(config: C): number;
  update(kernels: Kernels, config: C, trained: Trained, learningRate: number, step: number): void;
}

const types: {
  [Type in OptimizerConfig['type']]: OptimizerType<Extract<OptimizerConfig, { type: Type }>>;
} = { sgd, adam };

/** The rule of this optimizer, usable with it: a table is as typed as its key, which TypeScript cannot follow. */
export function optimizerType(config: OptimizerConfig): OptimizerType<OptimizerConfig> {
  return types[config.type] as unknown as OptimizerType<OptimizerConfig>;
}
