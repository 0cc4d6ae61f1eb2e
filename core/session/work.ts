import { type MessagePort, Worker } from 'node:worker_threads';
import { type Place, UserError } from '../events/user-error.ts';
import type { Reservations } from './memory-budget.ts';

/** Work of its own kind in a worker thread, once: both of its ends. What it tells is `Told`. */
type FromWork<Told> =
  /** Asks for this much memory before any is taken. */
  | { type: 'reserve'; bytes: number }
  | { type: 'told'; told: Told }
  /** Bad input: then the worker ends. */
  | { type: 'refused'; message: string; place: Place };

/** The answer to `reserve`: null grants it, a sentence refuses it. */
interface ToWork {
  type: 'reserved';
  refusal: string | null;
}

export interface WorkOptions<Told> {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  /** By which it finds what to do. */
  workerData: object;
  /** Data and networks are outside of the JavaScript heap; this is for the reading of data. */
  heapMegabytes: number;
  /** What it is called where it breaks down. */
  name: string;
  budget: Reservations;
  /** Ends it, whatever it does. */
  signal?: AbortSignal;
  tell(told: Told): void;
}

/**
 * Resolves when all is told. Rejects with UserError for bad input, and with the signal's reason; its memory is free
 * then.
 */
export function launchWork<Told>(options: WorkOptions<Told>): Promise<void> {
  const { workerFile, workerData, heapMegabytes, name, budget, signal, tell } = options;
  if (signal?.aborted) return Promise.reject(signal.reason);
  const worker = new Worker(workerFile, {
    execArgv: [],
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
  const abort = () => void worker.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  let reserved = 0;
  let failure: Error | null = null;
  worker.on('message', (message: FromWork<Told>) => {
    if (signal?.aborted) return;
    switch (message.type) {
      case 'reserve': {
        const refusal = budget.reserve(message.bytes);
        if (refusal === null) reserved += message.bytes;
        const answer: ToWork = { type: 'reserved', refusal };
        worker.postMessage(answer);
        break;
      }
      case 'told':
        tell(message.told);
        break;
      case 'refused':
        failure = new UserError(message.message, message.place);
        break;
    }
  });
  worker.on('error', (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    failure = new Error(`${name} broke down: ${why}`);
  });
  return new Promise((resolve, reject) => {
    worker.on('exit', () => {
      budget.release(reserved);
      signal?.removeEventListener('abort', abort);
      if (signal?.aborted) reject(signal.reason);
      else if (failure) reject(failure);
      else resolve();
    });
  });
}

/** What the work has of its other end. */
export interface WorkHost<Told> {
  tell(told: Told): void;
  /** Asks for memory before any is taken: null grants it, a sentence refuses it. */
  reserve(bytes: number): Promise<string | null>;
}

/** Does it in the worker thread, and ends. */
export async function doWork<Told>(
  port: MessagePort,
  work: (host: WorkHost<Told>) => Promise<void>,
): Promise<void> {
  const post = (message: FromWork<Told>) => port.postMessage(message);
  const reserve = (bytes: number) =>
    new Promise<string | null>((resolve) => {
      port.once('message', ({ refusal }: ToWork) => resolve(refusal));
      post({ type: 'reserve', bytes });
    });
  try {
    await work({ reserve, tell: (told) => post({ type: 'told', told }) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    post({ type: 'refused', message: error.message, place: error.place });
  }
  port.close();
}
