import { longerFix } from '../../fixes.ts';
import { left, lessons } from '../../learning.ts';
import { percent } from '../../numbers.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';
import { trendOf } from '../rate/trend.ts';

/** Training ended while every epoch still helped. */
export const tooFewEpochs = epochRule('too-few-epochs', (trace) => {
  const { started, epochs } = trace;
  const { falling, unfinished } = THRESHOLDS.fit;
  const done = epochs.at(-1)!.epoch;
  const { train } = lessons(trace);
  const trend = trendOf(train);
  if (done < started.epochs || !trend?.steady) return NOTHING;
  const rest = left(trace);
  // What a tenth of the epochs brings, or one.
  const brings = trend.fall * Math.max(1, started.epochs / 10);
  if (!(Math.min(rest, train.at(-1)!) > unfinished) || !(brings > falling * train.at(-1)!))
    return NOTHING;
  return [
    {
      severity: 'warning',
      path: ['training', 'epochs'],
      message: `Training ended after ${done} epochs while the loss was still falling, by ${percent(trend.fall / train.at(-1)!)} in the latest epochs each, with ${percent(Math.min(1, rest))} of what there is to learn left. Train longer.`,
      evidence: { epochs: done, fall: trend.fall, unexplained: rest, threshold: unfinished },
      fixes: [longerFix(trace)],
    },
  ];
});
