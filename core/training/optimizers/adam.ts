import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/**
 * Adam (Kingma and Ba 2015) with bias correction: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − α/(1−β₁ᵗ) · m / (√v/√(1−β₂ᵗ) + ε).
 */
export const adam: OptimizerType<Extract<OptimizerConfig, { type: 'adam' }>> = {
  stateTensors: () => 2,

  update(kernels, config, { parameter, state, l2, norms }, learningRate, step) {
    const { beta1, beta2, epsilon } = config;
    kernels.adam(
      parameter.value.size,
      learningRate / (1 - beta1 ** step),
      1 / Math.sqrt(1 - beta2 ** step),
      beta1,
      beta2,
      1 - beta1,
      1 - beta2,
      epsilon,
      l2,
      parameter.value.offset,
      parameter.gradient.offset,
      state[0],
      state[1],
      norms,
    );
  },
};
