import { compareWithClasses } from './class-targets.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * L = Σⱼ h(yⱼ − tⱼ) / outputs, the mean over the batch, where h(e) = ½e² for |e| ≤ δ and δ(|e| − ½δ)
 * beyond; ∂L/∂y = max(−δ, min(δ, y − t)) / (outputs · rows). For classification the targets are the
 * labels one-hot.
 */
export function huber(context: LossContext, delta: number): Loss {
  const { kernels, outputs, y, dy, targets, totals } = context;
  return (rows) => {
    compareWithClasses(context, rows);
    kernels.huber(rows, outputs, delta, 1, 1 / rows, y, targets, dy, totals);
  };
}
