import type { Reservations } from '../session/memory-budget.ts';
import type { PrepareRequest } from '../session/prepare.ts';
import { launchWork } from '../session/work.ts';
import type { CheckResult } from './check.ts';
import type { Checked, CheckStart } from './check-protocol.ts';

export interface CheckOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: Reservations;
  /** Ends the checks, whatever they do. */
  signal?: AbortSignal;
  onResult?: (result: CheckResult) => void;
  onProgress?: (share: number, title: string) => void;
}

const HEAP_MEGABYTES = 512;

/**
 * Does all checks of a config in a worker thread. Rejects with UserError for a config or data that cannot be
 * trained, and with the signal's reason; its memory is free then.
 */
export async function launchChecks(
  request: PrepareRequest,
  { workerFile, budget, signal, onResult, onProgress }: CheckOptions,
): Promise<CheckResult[]> {
  const check: CheckStart = { request };
  const results: CheckResult[] = [];
  await launchWork<Checked>({
    workerFile,
    workerData: { check },
    heapMegabytes: HEAP_MEGABYTES,
    name: 'The checks',
    budget,
    signal,
    tell: (told) => {
      if (told.type === 'progress') onProgress?.(told.share, told.title);
      else {
        results.push(told.result);
        onResult?.(told.result);
      }
    },
  });
  return results;
}
