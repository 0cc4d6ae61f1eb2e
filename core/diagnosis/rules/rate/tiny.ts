import type { JudgedTrace } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** So few examples a step that its gradient is mostly noise. */
export function isTiny({ started, data }: JudgedTrace): boolean {
  return started.batchSize <= THRESHOLDS.batch.tiny && (data?.trainExamples ?? 0) >= 64;
}
