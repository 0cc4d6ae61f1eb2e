import type { RunEvent } from '../events/run-event.ts';
import type { Place } from '../events/user-error.ts';

/** What a run needs to start; plain data, so that it passes into a worker thread. */
export interface RunRequest {
  /** Absolute path of the config; relative paths in it are relative to its folder. */
  configFile: string;
  /** Its text, with any override already applied; this is what the run's folder keeps. */
  configText: string;
  /** Absolute path of the folder that receives the run's folder, e.g. `…/.trainscope/runs`. */
  runsFolder: string;
  /** In an untrusted workspace: data is read only inside these folders. null: anywhere. */
  readableRoots: string[] | null;
  /** Absolute path of the folder of an earlier run in `runsFolder`, which is to go on. */
  resume?: string;
  /** Epochs whose checkpoints are written and stay, whatever `training.checkpoint` says. */
  keep?: number[];
  /** The run is only to be compared with another: it ends when that can be told. */
  trial?: Trial;
  /** What it is called; by default as its config. */
  name?: string;
}

/** When a run has told enough. What it does until then does not depend on it. */
export interface Trial {
  /** As soon as an error is found in what it does. */
  hopeless?: boolean;
  /** Its data are not looked into: they are those of many others. */
  thin?: boolean;
  /** After so many completed epochs: whether it is to go on is decided then. */
  until?: number;
  /**
   * After so many epochs, if neither error nor warning holds and it is better than this: accuracy, or R²,
   * of the validation part, else of the training part.
   */
  enough?: { epochs: number; quality: number };
}

/** The threads that a run may have. */
export interface ThreadRoom {
  /** How many, where the config does not say. */
  count: number;
  /** The script of the others: that of this one. */
  file: string;
}

export type RunCommand =
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }
  | { type: 'learningRate'; value: number };

export type ToWorker =
  /** `bell` (shared memory) counts the messages posted: a change tells that one has come. */
  | {
      type: 'start';
      request: RunRequest;
      threads: ThreadRoom;
      /** The thread stays for another run. */
      keep: boolean;
      bell: Int32Array<SharedArrayBuffer>;
    }
  | { type: 'command'; id: number; command: RunCommand }
  /** The answer to `reserve`: null grants it, a sentence refuses it. */
  | { type: 'reserved'; refusal: string | null };

export type FromWorker =
  /** Asks for this much memory before anything is allocated or written. */
  | { type: 'reserve'; bytes: number }
  /** The run's folder exists and its log is open. */
  | { type: 'opened'; folder: string }
  /** The last one ends with `finished`; then the worker ends. */
  | { type: 'events'; events: RunEvent[] }
  /** A command was carried out (`error` null) or refused. */
  | { type: 'answer'; id: number; error: string | null }
  /** Bad input: nothing was written. Then the worker ends. */
  | { type: 'refused'; message: string; place: Place }
  /** Instead of ending, the worker is ready for another run. */
  | { type: 'ready' };
