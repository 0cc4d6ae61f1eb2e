import type { Dimension } from '../space.ts';

/** A trial that is known already: its place in the unit cube, and its rank from 0 (best) on. */
export interface KnownPoint {
  point: number[];
  rank: number;
}

export interface Request {
  space: readonly Dimension[];
  seed: number;
  stage: number;
  /** Index within the stage of the first one that is wanted, from 0 on, and how many. */
  first: number;
  count: number;
  /** How many the whole stage has. */
  total: number;
  /** The trials of this stage before `first`. */
  known: readonly KnownPoint[];
}

/**
 * Chooses points of the unit cube [0, 1)ᵈ. What it chooses depends on its request alone: the same sweep
 * gives the same trials, in whichever order they end.
 */
export type Sampler = (request: Request) => number[][];
