import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/**
 * Adam (Kingma and Ba 2015) with bias correction: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − α/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 */
export const adam: OptimizerType<Extract<OptimizerConfig, { type: 'adam' }>> = {
  stateTensors: () => 2,

  build(kernels, { beta1, beta2, epsilon }) {
    return ({ count, value, gradient, state, l2, norms }, { learningRate, step }) =>
      kernels.adam(
        count,
        learningRate / (1 - beta1 ** (step + 1)),
        1 / Math.sqrt(1 - beta2 ** (step + 1)),
        beta1,
        beta2,
        1 - beta1,
        1 - beta2,
        epsilon,
        l2,
        value,
        gradient,
        state[0],
        state[1],
        norms,
      );
  },
};
