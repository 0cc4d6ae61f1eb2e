import type { Offset } from '../../kernels/kernels.ts';
import type { Parameter } from '../../network/layers/layer.ts';
import type { Clip } from '../clipping.ts';
import type { Regularization } from '../regularization.ts';

/** Numbers in the norms of a part. */
export const NORMS = 3;

/** One parameter set as an optimizer sees it. */
export interface Trained {
  parameter: Parameter;
  /**
   * Tensors of the optimizer's own, each of the parameter's size, zero at the start. They lie one after
   * another, each as far from the one before it.
   */
  state: Offset[];
  regularization: Regularization;
  clip: Clip;
  /** Receives float64 [Σ w² before the update, Σ update², Σ |w| before it] of each part. */
  norms: Offset;
  /** Receives the values before the update; 0 where nobody asks for them. */
  before: Offset;
}
