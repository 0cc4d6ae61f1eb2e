import type { GrowthRow } from './step/growth.ts';
import type { PeakFigures, StepRow } from './step/step.ts';

/** One number of this machine. */
export interface Figure {
  name: string;
  /** A median, where the name says nothing else; null where it could not be measured. */
  value: number | null;
  unit: string;
  /** The largest value that is good; null where none was set. */
  aim: number | null;
}

/** What one part of the bench has measured. */
export interface Outcome {
  workloads?: StepRow[];
  peak?: PeakFigures;
  growth?: GrowthRow[];
  figures: Figure[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds that `work` takes, `repetitions` times one after the other. */
export async function timed(
  repetitions: number,
  work: () => Promise<unknown> | unknown,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times;
}
