import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Job, Result } from './worker.ts';

export interface PoolOptions {
  /** Where trainings are kept; null: nowhere. */
  keep: string | null;
  scratch: string;
  /** Called as results come. */
  progress(done: number, all: number): void;
}

/** Does all jobs, one at a time on each core; results in the order of the jobs. */
export async function inParallel<T extends Job>(
  jobs: readonly T[],
  { keep, scratch, progress }: PoolOptions,
): Promise<Result<T>[]> {
  const results = Array<Result<T>>(jobs.length);
  let next = 0;
  let done = 0;
  const work = (index: number) =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), {
        workerData: { keep, scratch: `${scratch}/${index}` },
      });
      let current = -1;
      const give = () => {
        current = next++;
        if (current < jobs.length) worker.postMessage(jobs[current]);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', (result: Result<T>) => {
        results[current] = result;
        progress(++done, jobs.length);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, (_, i) => work(i)));
  return results;
}
