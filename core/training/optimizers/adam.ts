import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/**
 * Adam (Kingma and Ba 2015) with bias correction: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − α/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε). AdamW (Loshchilov and Hutter 2019) also takes α·decay·w
 * away, past the moments.
 */
export const adam: OptimizerType<Extract<OptimizerConfig, { type: 'adam' | 'adamW' }>> = {
  stateTensors: () => 2,

  build(kernels, config) {
    const { beta1, beta2, epsilon } = config;
    const weightDecay = config.type === 'adamW' ? config.weightDecay : 0;
    return (
      { count, value, gradient, state, l1, l2, limit, scale, norms },
      { learningRate, step },
    ) =>
      kernels.adam(
        count,
        learningRate / (1 - beta1 ** (step + 1)),
        1 / Math.sqrt(1 - beta2 ** (step + 1)),
        beta1,
        beta2,
        1 - beta1,
        1 - beta2,
        epsilon,
        learningRate * weightDecay,
        l1,
        l2,
        limit,
        scale,
        value,
        gradient,
        state[0],
        state[1],
        norms,
      );
  },
};
