import type { TrainMetrics, ValidationMetrics } from '../events/run-event.ts';
import type { Place } from '../events/user-error.ts';

/** A training that an executor is to do. Plain data, so that it can pass to another machine. */
export interface TrialTask {
  number: number;
  /** What its run is called. */
  name: string;
  /** Absolute path of the sweep's config: paths in it are relative to its folder. */
  configFile: string;
  /** The config of this trial. */
  configText: string;
  /** Absolute path of the folder for its run's folder. */
  runsFolder: string;
  /** Absolute path of its run's folder, where it has been trained before and is to go on. */
  resume: string | null;
  /** The trial waits after so many completed epochs, ready to go on; null: it trains to its end. */
  until: number | null;
  /** Epochs whose checkpoints are written and stay. */
  keep?: number[];
  /** Its data are looked into, as those of a run alone: they need not be those of many others. */
  whole?: boolean;
}

/** What a trial tells while it is trained. */
export interface TrialReports {
  /** Its run has a folder (absolute). */
  opened(run: string): void;
  /** Once for each completed epoch, in order; of one that goes on maybe again for epochs already told. */
  epoch(epoch: { epoch: number; train: TrainMetrics; validation: ValidationMetrics | null }): void;
}

export interface TrialOutcome {
  /**
   * `completed`: all its epochs, or an early stop; `waits`: it has come to `until`; `stopped`: by the word
   * of `stop`, it can go on; `diverged`: its cost exploded or is no number; `failed`: it broke down.
   */
  state: 'completed' | 'waits' | 'stopped' | 'diverged' | 'failed';
  message?: string;
  /** Where what it was refused for is written. */
  place?: Place;
  /** How often it was begun again, its node having been lost. */
  requeues?: number;
  /** Completed epochs. */
  epochs: number;
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
}

export interface RunningTrial {
  /** Rejects only where all trials would fail alike: a full disk, say. */
  readonly done: Promise<TrialOutcome>;
  /** Ends it at its next step, with a checkpoint that it can go on from. */
  stop(): void;
}

/** Where trials are trained: the cores of this machine, or a cluster. */
export interface Executor {
  /** How many trials it takes at a time. */
  readonly parallel: number;
  run(task: TrialTask, reports: TrialReports): RunningTrial;
  /** Runs (absolute folders) that were begun since the sweep's owner before was killed: they are kept. */
  begunMeanwhile?(runsFolder: string): Promise<string[]>;
  /** Stops all that still runs; resolves when it is gone. */
  dispose(): Promise<void>;
}
