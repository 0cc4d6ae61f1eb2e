import type { Reservations } from '../session/memory-budget.ts';
import { launchWork } from '../session/work.ts';
import type { Measured, MeasureStart } from './protocol.ts';

export interface MeasuringOptions {
  /** The bundle of core/worker.ts. */
  workerFile: string;
  budget: Reservations;
  /** Ends it, whatever it does. */
  signal: AbortSignal;
  tell(event: Measured): void;
}

/** Besides the reading of data, for sums. */
const HEAP_MEGABYTES = 2048;

/**
 * Measures ensembles in a worker thread; resolves when all is told and written. Rejects with UserError
 * where members cannot be read or compared, and with the signal's reason; its memory is free then.
 */
export function launchMeasuring(measure: MeasureStart, options: MeasuringOptions): Promise<void> {
  return launchWork<Measured>({
    ...options,
    workerData: { measure },
    heapMegabytes: HEAP_MEGABYTES,
    name: 'The comparison of the members',
  });
}
