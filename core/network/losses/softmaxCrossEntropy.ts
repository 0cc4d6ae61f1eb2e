import type { Loss, LossContext } from './loss.ts';

/**
 * L = log Σ e^y − y_label, the mean over the batch; ∂L/∂y = (softmax(y) − onehot) / rows.
 * Computed together, from the logits: no overflow, and ln C for equal logits. With class weights w and
 * label smoothing ε it is Σₙ Σⱼ wⱼ qₙⱼ (−log softmax(yₙ)ⱼ) / Σₙ w_label(n), q = (1 − ε) onehot + ε / C:
 * PyTorch's cross_entropy.
 */
export function softmaxCrossEntropy(context: LossContext, labelSmoothing: number): Loss {
  const { kernels, outputs, y, dy, labels, classWeights, totals } = context;
  if (classWeights === 0) {
    return (rows) => kernels.softmaxCrossEntropy(rows, outputs, 1 / rows, y, labels, dy, totals);
  }
  return (rows) =>
    kernels.weightedCrossEntropy(
      rows,
      outputs,
      labelSmoothing,
      y,
      labels,
      classWeights,
      dy,
      totals,
    );
}
