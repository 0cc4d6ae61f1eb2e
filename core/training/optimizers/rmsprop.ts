import type { OptimizerConfig, OptimizerType } from './optimizer.ts';

/** RMSProp (Tieleman and Hinton 2012): v ← ρv + (1−ρ)g², w ← w − α g / (√v + ε). */
export const rmsprop: OptimizerType<Extract<OptimizerConfig, { type: 'rmsprop' }>> = {
  stateTensors: () => 1,

  build(kernels, { rho, epsilon }) {
    return ({ count, value, gradient, state, l1, l2, limit, scale, norms }, { learningRate }) =>
      kernels.rootScaled(
        count,
        learningRate,
        rho,
        1 - rho,
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
