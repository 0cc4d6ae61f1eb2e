import { Worker } from 'node:worker_threads';

/** Data and the network live outside of the JavaScript heap; this is for the reading of data. */
export const HEAP_MEGABYTES = 512;

/** A thread that does runs, from the bundle of core/worker.ts. */
export function startThread(workerFile: string): Worker {
  return new Worker(workerFile, {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
}

/**
 * Threads that do one run after another: to start one, and to read its data, takes longer than a short training. A
 * thread that breaks down does not come back.
 */
export class RunThreads {
  readonly #idle: Worker[] = [];

  take(workerFile: string): Worker {
    return this.#idle.pop() ?? startThread(workerFile);
  }

  give(thread: Worker): void {
    this.#idle.push(thread);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }
}
