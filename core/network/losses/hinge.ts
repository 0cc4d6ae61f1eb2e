import type { Loss, LossContext } from './loss.ts';

/**
 * L = Σ_{j ≠ label} max(0, 1 + yⱼ − y_label), the mean over the batch (Weston and Watkins 1999);
 * ∂L/∂yⱼ = 1 / rows for each j that comes too near, and minus their number / rows for the label.
 */
export function hinge({ kernels, outputs, y, dy, labels, totals }: LossContext): Loss {
  return (rows) => {
    kernels.countRight(rows, outputs, y, labels, totals);
    kernels.hinge(rows, outputs, 1 / rows, y, labels, dy, totals);
  };
}
