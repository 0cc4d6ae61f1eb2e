import type { PrepareRequest } from '../session/prepare.ts';
import type { CheckResult } from './check.ts';

/** Given to the worker thread at its start. */
export interface CheckStart {
  request: PrepareRequest;
}

/** What checks tell. */
export type Checked =
  /** The share of all checks that is done, and what is looked at. */
  { type: 'progress'; share: number; title: string } | { type: 'result'; result: CheckResult };
