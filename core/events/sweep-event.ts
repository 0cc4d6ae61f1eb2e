import type { Finding, Json } from './finding.ts';
import type { TrainMetrics, ValidationMetrics } from './run-event.ts';

/**
 * Everything that happens in a sweep, in the order it happened: its log on disk, the command line and the
 * panel read these and nothing else. What happens within a trial is told by the log of its run.
 */
export type SweepEvent =
  | SweepStartedEvent
  | StageEvent
  | TrialStartedEvent
  | TrialRunEvent
  | TrialEpochEvent
  | TrialWaitsEvent
  | TrialEvent
  | SweepFinishedEvent;

/** The version of the log's format; its first record carries it. */
export const SWEEP_FORMAT_VERSION = 1;

/** The values of one trial: by the path of the key, as the config has it in `sweep.parameters`. */
export type ParameterValues = { [path: string]: Json };

/** Where a key's values come from: the ends of its range, or the choices that are left. */
export type RangeNow = { low: number; high: number } | { values: Json[] };
export type RangesNow = { [path: string]: RangeNow };

export interface SweepStartedEvent {
  type: 'sweepStarted';
  formatVersion: typeof SWEEP_FORMAT_VERSION;
  /** Wall clock, milliseconds since 1970 (UTC). */
  startedAt: number;
  /** The config's name for display, and its file's name. */
  name: string;
  config: string;
  /** The config as it was when the sweep began. */
  configText: string;
  seed: number;
}

/** A stage begins: its first trial is number `firstTrial`. */
export interface StageEvent {
  type: 'stage';
  /** 1-based. */
  stage: number;
  trials: number;
  epochs: number;
  firstTrial: number;
  /** The whole ranges of the config, or narrowed around the best trials before. */
  ranges: RangesNow;
}

export interface TrialStartedEvent {
  type: 'trialStarted';
  /** 1-based, over all stages. */
  number: number;
  /** The stage after the last one trains the best trials again, on other seeds. */
  stage: number;
  parameters: ParameterValues;
  seed: number;
  epochs: number;
  /** Of a repetition on another seed: the trial that it repeats. */
  repeats?: number;
}

/** The run of a trial has its folder: `runs/…`, relative to that of the sweep. */
export interface TrialRunEvent {
  type: 'trialRun';
  number: number;
  run: string;
}

export interface TrialEpochEvent {
  type: 'trialEpoch';
  number: number;
  epoch: number;
  train: TrainMetrics;
  validation: ValidationMetrics | null;
}

/** A trial has come to a rung, where it is decided which of them go on. */
export interface TrialWaitsEvent {
  type: 'trialWaits';
  number: number;
  epochs: number;
}

/**
 * `completed`: all its epochs; `stopped`: its cost exploded, or others did better; `failed`: it crashed, did
 * not fit into memory, or its config cannot be trained.
 */
export type TrialState = 'completed' | 'stopped' | 'failed';

/** A trial is over. */
export interface TrialEvent {
  type: 'trial';
  number: number;
  stage: number;
  parameters: ParameterValues;
  seed: number;
  repeats?: number;
  state: TrialState;
  /** Why it was stopped, or failed. */
  message?: string;
  /** How often a cluster has begun it again, its node having been lost. */
  requeues?: number;
  /** Completed epochs, and the metrics after the last of them. */
  epochs: number;
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
  /** Relative to the folder of the sweep; null where it never began. */
  run: string | null;
}

/** What came of several seeds. */
export interface SeedStatistics {
  seeds: number;
  mean: number;
  /** Of the sample: n − 1. */
  deviation: number;
}

export interface BestTrial {
  number: number;
  stage: number;
  parameters: ParameterValues;
  epochs: number;
  validation: ValidationMetrics | null;
  train: TrainMetrics | null;
  run: string | null;
  /** Of the quality, where it was trained on several seeds. */
  seeds?: SeedStatistics;
}

export interface SweepFinishedEvent {
  type: 'sweep';
  /** Null: no trial can be told better than another. */
  best: BestTrial | null;
  trials: number;
  findings: Finding[];
  /** The folder of the sweep, absolute. */
  run: string;
}
