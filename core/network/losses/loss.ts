import type { LossConfig, LossName } from '../../config/index.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import { type Op, singleOp } from '../op.ts';
import { binaryCrossEntropy } from './binaryCrossEntropy.ts';
import { distillation } from './distillation.ts';
import { hinge } from './hinge.ts';
import { huber } from './huber.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

/**
 * What a loss is built from: the network's output y [rows × outputs], and either class labels
 * [rows] or targets [rows × outputs]; `labels` is 0 for regression. For classification `targets` is
 * room of that size for losses that need it, which they fill.
 */
export interface LossContext {
  kernels: Kernels;
  outputs: number;
  y: Offset;
  dy: Offset;
  labels: Offset;
  targets: Offset;
  /** A weight for each class, float64 [outputs]; 0 where all count alike. */
  classWeights: Offset;
  /**
   * Four float64, to which each call adds: Σ loss, the number of examples classified right, Σ squared
   * errors (not the loss's affair) and Σ weights of the examples. Σ loss / Σ weights is the mean.
   */
  totals: Offset;
}

/** Adds to the totals and leaves ∂(mean loss)/∂y in dy, for so many rows. */
export type Loss = (rows: number) => void;

/** For classification, the losses that compare each output with a target of its own. */
const WITH_TARGETS: readonly LossName[] = ['binaryCrossEntropy', 'meanSquaredError', 'huber'];

export function needsTargets({ type }: LossConfig): boolean {
  return WITH_TARGETS.includes(type);
}

export function lossOp(config: LossConfig, context: LossContext): Op {
  const loss = buildLoss(config, context);
  return singleOp(config.type, ({ rows }) => loss(rows));
}

/** What a network is trained on whose teacher's probabilities are in `targets`. */
export function distillationOp(temperature: number, context: LossContext): Op {
  const loss = distillation(context, temperature);
  return singleOp('distillation', ({ rows }) => loss(rows));
}

function buildLoss(config: LossConfig, context: LossContext): Loss {
  switch (config.type) {
    case 'softmaxCrossEntropy':
      return softmaxCrossEntropy(context, config.labelSmoothing);
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(context);
    case 'hinge':
      return hinge(context);
    case 'meanSquaredError':
      return meanSquaredError(context);
    case 'huber':
      return huber(context, config.delta);
  }
}
