import type { EpochEvent } from '../events/run-event.ts';
import { THRESHOLDS } from './thresholds.ts';
import type { Trace } from './trace.ts';

/** What an epoch has achieved: 0 is chance, 1 perfect; NaN where it was not measured. */
export function achievement({ data }: Trace, { train, validation }: EpochEvent): number {
  const { accuracy, r2 } = validation ?? train;
  if (accuracy === null) return r2 ?? Number.NaN;
  const counts = [...(data?.classCounts ?? [])];
  const total = counts.reduce((sum, count) => sum + count, 0);
  const chance = total > 0 ? Math.max(...counts) / total : 0;
  // With one class there is nothing to learn.
  return chance < 1 ? (accuracy - chance) / (1 - chance) : Number.NaN;
}

/** Whether the run has learned its task, whatever the config looks like. */
export function hasLearned(trace: Trace): boolean {
  return trace.epochs.some((epoch) => achievement(trace, epoch) >= THRESHOLDS.config.learned);
}

/** Whether it had learned it within the first third of its epochs: nothing can have held it up. */
export function hasLearnedSoon(trace: Trace): boolean {
  const within = THRESHOLDS.config.soon * (trace.started?.epochs ?? 0);
  return trace.epochs.some(
    (epoch) => epoch.epoch <= within && achievement(trace, epoch) >= THRESHOLDS.config.learned,
  );
}
