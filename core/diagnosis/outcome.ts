import type { EpochEvent } from '../events/run-event.ts';
import { achieved, reachOf } from './reach.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Trace } from './trace.ts';

/** What an epoch has achieved of what the data allow: 0 is chance, 1 all; NaN where it was not measured. */
export function achievement(trace: Trace, { train, validation }: EpochEvent): number {
  return achieved(trace, validation ?? train) / reachOf(trace).most;
}

/** Whether the run has learned its task, whatever the config looks like. */
export function hasLearned(trace: Trace): boolean {
  const least = 1 - reachOf(trace).rest;
  return trace.epochs.some((epoch) => achievement(trace, epoch) >= least);
}

/** Whether it had learned it within the first third of its epochs: nothing can have held it up. */
export function hasLearnedSoon(trace: Trace): boolean {
  const within = THRESHOLDS.config.soon * (trace.started?.epochs ?? 0);
  const least = 1 - reachOf(trace).rest;
  return trace.epochs.some((epoch) => epoch.epoch <= within && achievement(trace, epoch) >= least);
}
