import { compareWithClasses } from './class-targets.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * L = −Σⱼ [tⱼ log σ(yⱼ) + (1 − tⱼ) log(1 − σ(yⱼ))] / outputs, the mean over the batch;
 * ∂L/∂y = (σ(y) − t) / (outputs · rows). From the logits y, for classes: t is 1 at the right one, and
 * one output alone says how likely the second of two is.
 */
export function binaryCrossEntropy(context: LossContext): Loss {
  const { kernels, outputs, y, dy, targets, totals } = context;
  return (rows) => {
    compareWithClasses(context, rows);
    kernels.binaryCrossEntropy(rows, outputs, 1 / rows, y, targets, dy, totals);
  };
}
