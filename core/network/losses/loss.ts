import type { LossName } from '../../config/index.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Op } from '../op.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

/**
 * What a loss is built from: the network's output y [rows × outputs], and either class labels
 * [rows] or targets [rows × outputs]; `labels` is 0 for regression. For classification `targets` is
 * room of that size, which the loss may fill.
 */
export interface LossContext {
  kernels: Kernels;
  outputs: number;
  y: Offset;
  dy: Offset;
  labels: Offset;
  targets: Offset;
  /** Three float64: Σ loss and the number of examples classified right, to which each call adds. */
  totals: Offset;
}

/** Builds the op that adds to the totals and leaves ∂(mean loss)/∂y in dy. */
export type LossBuilder = (context: LossContext) => Op;

const builders: Record<LossName, LossBuilder> = { softmaxCrossEntropy, meanSquaredError };

export function lossOp(name: LossName, context: LossContext): Op {
  return builders[name](context);
}
