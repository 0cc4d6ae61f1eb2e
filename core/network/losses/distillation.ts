import type { Loss, LossContext } from './loss.ts';

/**
 * L = T² Σⱼ pⱼ (log pⱼ − log qⱼ), q = softmax(y / T), the mean over the batch: how far the network is from
 * the probabilities p of its teacher, in `targets` (Hinton, Vinyals and Dean 2015). ∂L/∂y = T (q − p) / rows:
 * the factor T² keeps gradients of one size, whatever the temperature T. Labels only count what is right.
 */
export function distillation(context: LossContext, temperature: number): Loss {
  const { kernels, outputs, y, dy, labels, targets, totals } = context;
  return (rows) =>
    kernels.distillation(rows, outputs, temperature, 1 / rows, y, targets, labels, dy, totals);
}
