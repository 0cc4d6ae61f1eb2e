import { Worker } from 'node:worker_threads';
import { UserError } from '../events/user-error.ts';
import type { Reservations } from '../session/memory-budget.ts';
import type { FromMeasurer, Measured, MeasureStart, ToMeasurer } from './protocol.ts';

export interface MeasuringOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: Reservations;
  /** Ends it, whatever it does. */
  signal: AbortSignal;
  tell(event: Measured): void;
}

/** Data and networks are outside of the JavaScript heap; this is for the reading of data, and sums. */
const HEAP_MEGABYTES = 2048;

/**
 * Measures ensembles in a worker thread; resolves when all is told and written. Rejects with UserError
 * where members cannot be read or compared, and with the signal's reason; its memory is free then.
 */
export function launchMeasuring(
  measure: MeasureStart,
  { workerFile, budget, signal, tell }: MeasuringOptions,
): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason);
  const worker = new Worker(workerFile, {
    execArgv: [],
    workerData: { measure },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  const abort = () => void worker.terminate();
  signal.addEventListener('abort', abort, { once: true });
  let reserved = 0;
  let failure: Error | null = null;
  worker.on('message', (message: FromMeasurer) => {
    if (signal.aborted) return;
    switch (message.type) {
      case 'reserve': {
        const refusal = budget.reserve(message.bytes);
        if (refusal === null) reserved += message.bytes;
        const answer: ToMeasurer = { type: 'reserved', refusal };
        worker.postMessage(answer);
        break;
      }
      case 'told':
        tell(message.event);
        break;
      case 'refused':
        failure = new UserError(message.message, message.place);
        break;
    }
  });
  worker.on('error', (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    failure = new Error(`The comparison of the members broke down: ${why}`);
  });
  return new Promise((resolve, reject) => {
    worker.on('exit', () => {
      budget.release(reserved);
      signal.removeEventListener('abort', abort);
      if (signal.aborted) reject(signal.reason);
      else if (failure) reject(failure);
      else resolve();
    });
  });
}
