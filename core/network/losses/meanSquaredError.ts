import { compareWithClasses } from './class-targets.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * L = Σⱼ (yⱼ − tⱼ)² / outputs, the mean over the batch; ∂L/∂y = 2 (y − t) / (outputs · rows).
 * For classification the targets are the labels one-hot.
 */
export function meanSquaredError(context: LossContext): Loss {
  const { kernels, outputs, y, dy, targets, totals } = context;
  return (rows) => {
    compareWithClasses(context, rows);
    // Twice Huber's, whose quadratic part has no end here.
    const delta = Number.POSITIVE_INFINITY;
    kernels.huber(rows, outputs, delta, 2, 1 / rows, y, targets, dy, totals);
  };
}
