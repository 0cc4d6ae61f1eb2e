import type { ValidationMetrics } from '../events/run-event.ts';
import type { Place } from '../events/user-error.ts';
import type { Answers, ExplorerFacts, Query, QueryType } from '../inspection/explorer/protocol.ts';
import type { CheckpointFile } from '../runs/checkpoint-file.ts';

/** What is to be explored; plain data, so that it passes into a worker thread. */
export interface ExploreRequest {
  /** Absolute path of the run's folder. */
  run: string;
  /** The name of a checkpoint file; `best` is the latest where the best is not known. */
  checkpoint: 'best' | 'latest' | (string & {});
  /** In an untrusted workspace: files are read only inside these folders. null: anywhere. */
  readableRoots: string[] | null;
}

export interface ExploredCheckpoint extends CheckpointFile {
  /** Null where there are no validation examples. */
  validation: ValidationMetrics | null;
}

/** What is known once a network and its data are there. */
export interface Opened {
  facts: ExplorerFacts;
  checkpoint: ExploredCheckpoint;
  /** All that the run has kept, oldest first. */
  checkpoints: CheckpointFile[];
}

/** Given to the worker thread at its start. */
export interface ExploreStart {
  request: ExploreRequest;
  /** Shared memory: the id of the question that is no longer wanted. */
  abandoned: Int32Array<SharedArrayBuffer>;
}

export type ToExplorer =
  /** The answer to `reserve`: null grants it, a sentence refuses it. */
  | { type: 'reserved'; refusal: string | null }
  /** One at a time: the next when the last is answered. */
  | { type: 'ask'; id: number; query: Query };

export type FromExplorer =
  /** Asks for this much memory before anything is allocated. */
  | { type: 'reserve'; bytes: number }
  | ({ type: 'opened' } & Opened)
  /** Bad input: then the worker ends. */
  | { type: 'refused'; message: string; place: Place }
  /** The share of a question's work that is done. */
  | { type: 'progress'; id: number; share: number }
  | { type: 'answer'; id: number; outcome: Outcome };

/** How a question ended: answered, refused as it was asked, or abandoned. */
export type Outcome =
  | { ok: true; answer: Answers[QueryType] }
  | { ok: false; refusal: { message: string; place: Place } | null };
