import type { ScheduleConfig, Shape } from './schedule.ts';

type Of<Type> = Extract<ScheduleConfig, { type: Type }>;

/** From 1 at 0 to 0 at 1. */
const halfWave = (fraction: number) => (1 + Math.cos(Math.PI * fraction)) / 2;

/** ½ (1 + cos(π t / T)) over all updates: PyTorch's CosineAnnealingLR with T_max in updates. */
export const cosine: Shape<Of<'cosine'>> = (_config, { updates, total }) =>
  halfWave(updates / total);

/**
 * The same over periods that grow by `multiply` (Loshchilov and Hutter 2017, SGDR): PyTorch's
 * CosineAnnealingWarmRestarts, told fractions of an epoch.
 */
export const cosineRestarts: Shape<Of<'cosineRestarts'>> = (
  { period, multiply },
  { updates, stepsPerEpoch },
) => {
  // Counted in updates, where no rounding can move a restart.
  let length = period * stepsPerEpoch;
  let since = updates;
  if (multiply === 1) since %= length;
  else {
    for (; since >= length; length *= multiply) since -= length;
  }
  return halfWave(since / length);
};
