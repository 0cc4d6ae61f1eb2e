import { singleOp } from '../op.ts';
import type { LossBuilder } from './loss.ts';

/**
 * L = log Σ e^y − y_label, the mean over the batch; ∂L/∂y = (softmax(y) − onehot) / rows.
 * Computed together, from the logits: no overflow, and ln C for equal logits.
 */
export const softmaxCrossEntropy: LossBuilder = ({ kernels, outputs, y, dy, labels, totals }) =>
  singleOp('softmax cross-entropy', ({ rows }) =>
    kernels.softmaxCrossEntropy(rows, outputs, 1 / rows, y, labels, dy, totals),
  );
