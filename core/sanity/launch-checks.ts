import { Worker } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import type { Reservations } from '../session/memory-budget.ts';
import type { PrepareRequest } from '../session/prepare.ts';
import type { CheckResult } from './check.ts';
import type { CheckStart, FromChecker, ToChecker } from './check-protocol.ts';

export interface CheckOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: Reservations;
  /** Ends the checks, whatever they do. */
  signal?: AbortSignal;
  onResult?: (result: CheckResult) => void;
  onProgress?: (share: number, title: string) => void;
}

/** Data and networks are outside of the JavaScript heap; this is for the reading of data. */
const HEAP_MEGABYTES = 512;

/**
 * Does all checks of a config in a worker thread. Rejects with UserError for a config or data that cannot be
 * trained, and with the signal's reason; its memory is free then.
 */
export function launchChecks(
  request: PrepareRequest,
  { workerFile, budget, signal, onResult, onProgress }: CheckOptions,
): Promise<CheckResult[]> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const check: CheckStart = { request };
  const worker = new Worker(workerFile, {
    execArgv: [],
    workerData: { check },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  const abort = () => void worker.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  const results: CheckResult[] = [];
  let reserved = 0;
  let failure: Error | null = null;
  worker.on('message', (message: FromChecker) => {
    if (signal?.aborted) return;
    switch (message.type) {
      case 'reserve': {
        const refusal = budget.reserve(message.bytes);
        if (refusal === null) reserved = message.bytes;
        const answer: ToChecker = { type: 'reserved', refusal };
        worker.postMessage(answer);
        break;
      }
      case 'progress':
        onProgress?.(message.share, message.title);
        break;
      case 'result':
        results.push(message.result);
        onResult?.(message.result);
        break;
      case 'refused':
        failure = new UserError(message.message, message.place);
        break;
    }
  });
  worker.on('error', (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    failure = new Error(`The checks broke down: ${why}`);
  });
  return new Promise((resolve, reject) => {
    worker.on('exit', () => {
      budget.release(reserved);
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(signal.reason);
      else if (failure) reject(failure);
      else resolve(results);
    });
  });
}
