import { singleOp } from '../op.ts';
import type { LossBuilder } from './loss.ts';

/**
 * L = Σⱼ (yⱼ − tⱼ)² / outputs, the mean over the batch; ∂L/∂y = 2 (y − t) / (outputs · rows).
 * For classification the targets are the labels one-hot.
 */
export const meanSquaredError: LossBuilder = ({
  kernels,
  outputs,
  y,
  dy,
  labels,
  targets,
  totals,
}) =>
  singleOp('mean squared error', ({ rows }) => {
    if (labels !== 0) {
      kernels.oneHot(rows, outputs, labels, targets);
      kernels.countRight(rows, outputs, y, labels, totals);
    }
    kernels.meanSquaredError(rows, outputs, 1 / rows, y, targets, dy, totals);
  });
