import type { Place } from '../events/user-error.ts';
import type { PrepareRequest } from '../session/prepare.ts';
import type { CheckResult } from './check.ts';

/** Given to the worker thread at its start. */
export interface CheckStart {
  request: PrepareRequest;
}

/** The answer to `reserve`: null grants it, a sentence refuses it. */
export interface ToChecker {
  type: 'reserved';
  refusal: string | null;
}

export type FromChecker =
  /** Asks for this much memory before anything is allocated. */
  | { type: 'reserve'; bytes: number }
  /** The share of all checks that is done, and what is looked at. */
  | { type: 'progress'; share: number; title: string }
  | { type: 'result'; result: CheckResult }
  /** Bad input: then the worker ends. */
  | { type: 'refused'; message: string; place: Place };
