import type { Config } from '../../core/config/index.ts';
import type { DataEvent, Task } from '../../core/events/run-event.ts';
import type { Place } from '../../core/events/user-error.ts';

/** What the worker that looks at the data is given. */
export interface FactsRequest {
  config: Config;
  /** Relative paths start here. */
  folder: string;
  readableRoots: string[] | null;
}

/** What the data says about the network. */
export interface DataFacts {
  task: Task;
  /** Of one example. */
  shape: number[];
  /** Number of classes, or of target values. */
  outputs: number;
  trainExamples: number;
  validationExamples: number;
  /** Of a folder of images only the first is looked at. */
  statistics: DataEvent;
}

export type FactsAnswer =
  | { ok: true; facts: DataFacts }
  /** Bad input, said to the user at its place. */
  | { ok: false; message: string; place: Place };
