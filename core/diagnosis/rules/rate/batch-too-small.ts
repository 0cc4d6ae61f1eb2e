import { setFix } from '../../fixes.ts';
import { hasRecovered } from '../../learning.ts';
import { type JudgedTrace, NOTHING, type Verdict } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { anyOf, until } from '../epoch-rule.ts';
import { restless } from './restless.ts';
import { type Thrown, thrownOff } from './thrown.ts';
import { isTiny } from './tiny.ts';

/** A run that noise throws off: a batch of a few examples tells too little of where to go. */
export const batchTooSmall = anyOf('batch-too-small', [
  {
    moments: ['epoch'],
    begin: until(hasRecovered, (trace) => blame(trace, thrownOff(trace))),
  },
  {
    moments: ['epoch'],
    begin: until(
      () => true,
      (trace) => blame(trace, restless(trace)),
    ),
  },
]);

function blame(trace: JudgedTrace, thrown: Thrown | null): readonly Verdict[] {
  if (!thrown || !isTiny(trace)) return NOTHING;
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
}
