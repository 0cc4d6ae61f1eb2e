import type { SweepConfig } from '../../config/index.ts';
import type { Dimension } from '../space.ts';
import { grid, gridSize } from './grid.ts';
import { random } from './random.ts';
import type { Sampler } from './sampler.ts';
import { sobol } from './sobol.ts';
import { TPE_ROUND, tpe } from './tpe.ts';

type SamplerName = SweepConfig['sampler'];

export const SAMPLERS: { [Name in SamplerName]: Sampler } = { random, sobol, grid, tpe };

/** How many trials a stage has: a grid may have fewer points. */
export function trialCount(
  sampler: SamplerName,
  space: readonly Dimension[],
  trials: number,
): number {
  return sampler === 'grid' ? gridSize(space, trials) : trials;
}

/** How many trials are chosen at once, before any of them has told anything. */
export function roundSize(sampler: SamplerName, trials: number): number {
  return sampler === 'tpe' ? TPE_ROUND : trials;
}
