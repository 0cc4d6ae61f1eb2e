import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/**
 * Stochastic gradient descent: v ← μv + g, w ← w − α v; with Nesterov w ← w − α (g + μv).
 * PyTorch's form, in which a change of the rate acts at once on all of the velocity.
 */
export const sgd: OptimizerType<Extract<OptimizerConfig, { type: 'sgd' }>> = {
  stateTensors: ({ momentum }) => (momentum === 0 ? 0 : 1),

  build(kernels, { momentum, nesterov }) {
    return ({ count, value, gradient, state, l1, l2, limit, scale, norms }, { learningRate }) =>
      kernels.sgd(
        count,
        learningRate,
        momentum,
        nesterov,
        l1,
        l2,
        limit,
        scale,
        value,
        gradient,
        state[0] ?? 0,
        norms,
      );
  },
};
