import { setFix } from '../../fixes.ts';
import { left } from '../../learning.ts';
import { type JudgedTrace, NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';
import { thrownOff } from './thrown.ts';

/** So few examples a step that its gradient is mostly noise. */
export function isTiny({ started, data }: JudgedTrace): boolean {
  return started.batchSize <= THRESHOLDS.batch.tiny && (data?.trainExamples ?? 0) >= 64;
}

/** A run that noise throws off: a batch of a few examples tells too little of where to go. */
export const batchTooSmall = epochRule(
  'batch-too-small',
  (trace) => {
    const thrown = isTiny(trace) ? thrownOff(trace) : null;
    if (!thrown) return NOTHING;
    const { batchSize } = trace.started;
    return [
      {
        severity: thrown.lost ? 'error' : 'warning',
        path: ['training', 'batchSize'],
        message: `${thrown.seen} A step sees ${batchSize === 1 ? 'one example' : `${batchSize} examples`}: its gradient is mostly noise, and at this learning rate each step undoes others. Use batches of 32, or a lower rate.`,
        evidence: { batchSize, threshold: THRESHOLDS.batch.tiny },
        fixes: [setFix('Set batchSize to 32', ['training', 'batchSize'], 32)],
      },
    ];
  },
  (trace) => left(trace) < THRESHOLDS.learning.over,
);
