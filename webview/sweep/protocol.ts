import type { ConfigPath } from '../../core/events/finding.ts';
import type { RangeNow, RangesNow, SeedStatistics } from '../../core/events/sweep-event.ts';
import type { HeaderFinding, Taken } from '../protocol.ts';

/**
 * What the host and the view of a sweep say to each other. The host owns the sweep: it sends all trials when the
 * view appears, and those with news while it is visible. Numbers that may be NaN travel in typed arrays.
 */

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

/**
 * `stopped`: nobody goes on with it just now, and it can; `elsewhere`: another process has it; `failed`: it
 * could not go on.
 */
export type SweepPhase =
  | 'preparing'
  | 'running'
  | 'stopping'
  | 'completed'
  | 'stopped'
  | 'elsewhere'
  | 'failed';

export interface StageFacts {
  /** 1-based. */
  stage: number;
  trials: number;
  epochs: number;
  ranges: RangesNow;
}

/** All that is told of a sweep but for its trials. */
export interface SweepFacts {
  /** Its folder. */
  id: string;
  /** e.g. "digits · 15:20". */
  name: string;
  phase: SweepPhase;
  /** Why it failed, in a sentence. */
  message: string | null;
  /** 'accuracy' or 'R²', and of what. */
  quality: string;
  measured: 'validation' | 'train';
  sampler: string;
  keys: SearchedKey[];
  /** Those that have begun. */
  stages: StageFacts[];
  /** Trials of all stages, as planned. */
  planned: number;
  /** How much each key explains by itself, 0 … 1; the most important first. */
  importance: { key: string; share: number }[];
  /** By place; null: none can be told better than another. */
  best: { place: number; seeds: SeedStatistics | null } | null;
  findings: HeaderFinding[];
  /** The ranges of a stage that is to begin, which can still be changed; null: none now. */
  next: { stage: number; ranges: RangesNow } | null;
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

export type ToSweep =
  /** Everything: forget what was there. */
  | { type: 'hydrate'; facts: SweepFacts; trials: TrialRows }
  | { type: 'update'; facts: SweepFacts; trials: TrialRows }
  | { type: 'curves'; curves: TrialCurves };

export type SweepCommand = 'stop' | 'resume' | 'openConfig' | 'reveal';

export type FromSweep =
  | { type: 'ready' }
  /** The losses of these are before the user's eyes, and have not come. */
  | { type: 'curves'; places: number[] }
  | { type: 'command'; command: SweepCommand }
  /** Writes the values of a trial into the config. */
  | { type: 'use'; place: number }
  /** Trains it on, to the epochs of the config. */
  | { type: 'continue'; place: number }
  /** Shows the runs of these in the dashboard. */
  | { type: 'compare'; places: number[] }
  | { type: 'range'; key: string; range: RangeNow }
  | {
      type: 'finding';
      rule: string;
      path: ConfigPath;
      action: 'open' | 'explain' | 'fix';
      fix: number;
    }
  | Taken;
