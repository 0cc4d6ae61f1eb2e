import { RandomStream } from '../../data/index.ts';
import type { Sampler } from './sampler.ts';

/** No stage has so many trials: (stage, trial) become one number. */
const STAGE = 1_000_000;

/** The random numbers of one trial; `purpose` keeps those of several uses apart. */
export function trialStream(seed: number, stage: number, trial: number, purpose: string) {
  return new RandomStream(seed, purpose, stage * STAGE + trial);
}

/**
 * Independent uniform points (Bergstra and Bengio, 2012: "Random search for hyper-parameter
 * optimization"): each of n trials has a value of its own of every key, whichever of them matter.
 */
export const random: Sampler = ({ space, seed, stage, first, count }) =>
  Array.from({ length: count }, (_, i) => {
    const stream = trialStream(seed, stage, first + i, 'sweep');
    return space.map(() => stream.uniform());
  });
