import { number, percent } from '../../../events/numbers.ts';
import { longerFix } from '../../fixes.ts';
import { leftByLoss, lessons } from '../../learning.ts';
import { isBehindNeighbours, neighboursOf } from '../../reach.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';
import { fallAtTheEnd, promiseOf } from '../rate/trend.ts';

/** Training ended while every epoch still helped. */
export const tooFewEpochs = epochRule('too-few-epochs', (trace) => {
  const fall = fallAtTheEnd(trace);
  if (fall === null) return NOTHING;
  const { epochs } = trace;
  const rest = leftByLoss(trace);
  const beyond = isBehindNeighbours(trace) ? neighboursOf(trace)!.score : null;
  const share = fall / lessons(trace).train.at(-1)!;
  return [
    {
      severity: 'warning',
      path: ['training', 'epochs'],
      message: `Training ended after ${epochs.at(-1)!.epoch} epochs while the loss was still falling, by ${percent(share)} in the latest epochs each, with ${percent(Math.min(1, rest))} of what there is to learn left.${beyond === null ? '' : ` Nearest neighbours among the training examples reach ${number(beyond)} without a network.`} Train longer.`,
      evidence: {
        epochs: epochs.at(-1)!.epoch,
        fall,
        unexplained: rest,
        promise: promiseOf(trace),
        ...(beyond !== null && { neighbours: beyond }),
        threshold: THRESHOLDS.fit.promising,
      },
      fixes: [longerFix(trace)],
    },
  ];
});
