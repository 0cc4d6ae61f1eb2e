import type { RangesNow, SeedStatistics } from '../events/sweep-event.ts';

/** What a view shows of a sweep. Numbers that may be NaN are in typed arrays, which travel as they are. */

/** A key that is searched, over the whole range that the config gives it. */
export interface SearchedKey {
  /** As `sweep.parameters` has it. */
  key: string;
  kind: 'log' | 'uniform' | 'int' | 'choice';
  /** Of a choice 0 and the index of the last one. */
  low: number;
  high: number;
  /** Of a choice: its values in words. */
  choices: string[];
}

export interface StageFacts {
  /** 1-based. */
  stage: number;
  trials: number;
  epochs: number;
  ranges: RangesNow;
}

/** All that a log tells of a sweep, but for its trials. */
export interface SearchFacts {
  /** 'accuracy' or 'R²', and of which part of the data. */
  quality: string;
  measured: 'validation' | 'train';
  sampler: string;
  keys: SearchedKey[];
  /** Those that have begun. */
  stages: StageFacts[];
  /** Trials of all stages and seeds, as planned. */
  planned: number;
  /** How much each key explains by itself, 0 … 1; the most important first. */
  importance: { key: string; share: number }[];
  /** By place; null: none can be told better than another. */
  best: { place: number; seeds: SeedStatistics | null } | null;
}

export const TRIAL_STATES = ['waiting', 'running', 'completed', 'stopped', 'failed'] as const;
export type TrialPhase = (typeof TRIAL_STATES)[number];

/** What `TrialRows.numbers` holds of each trial. */
export const TRIAL_NUMBERS = [
  'score',
  'loss',
  /** Completed ones, and all of them. */
  'epoch',
  'epochs',
  'stage',
  /** The number of the trial that it repeats on another seed; NaN: none. */
  'repeats',
] as const;
export type TrialNumber = (typeof TRIAL_NUMBERS)[number];

/** Some trials, a row each. */
export interface TrialRows {
  /** The number of a trial less one. */
  places: Uint32Array;
  /** [rows × keys]; of a choice its index. */
  values: Float64Array;
  /** [rows × TRIAL_NUMBERS] */
  numbers: Float64Array;
  /** Of each row, by index. */
  phases: Uint8Array;
  /** Why it was stopped, or failed; empty: it was not. */
  messages: string[];
}

/** The losses of some trials after each of their epochs. */
export interface TrialCurves {
  places: Uint32Array;
  /** Where the loss of each begins, one more than there are. */
  offsets: Uint32Array;
  /** Of the validation part where there is one, after epoch 1, 2, … */
  loss: Float64Array;
}
