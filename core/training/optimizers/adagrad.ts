import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/** Adagrad (Duchi et al. 2011): v ← v + g², w ← w − α g / (√v + ε). */
export const adagrad: OptimizerType<Extract<OptimizerConfig, { type: 'adagrad' }>> = {
  stateTensors: () => 1,

  build(kernels, { epsilon }) {
    return ({ count, value, gradient, state, l1, l2, limit, scale, norms }, { learningRate }) =>
      kernels.rootScaled(
        count,
        learningRate,
        1,
        1,
        epsilon,
        l1,
        l2,
        limit,
        scale,
        value,
        gradient,
        state[0],
        norms,
      );
  },
};
