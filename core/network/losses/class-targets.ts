import type { LossContext } from './loss.ts';

/** For classes: makes them targets, 1 for the right one and else 0, and counts what is right already. */
export function compareWithClasses(context: LossContext, rows: number): void {
  const { kernels, outputs, y, labels, targets, totals } = context;
  if (labels === 0) return;
  kernels.oneHot(rows, outputs, labels, targets);
  kernels.countRight(rows, outputs, y, labels, totals);
}
