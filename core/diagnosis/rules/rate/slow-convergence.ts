import { percent } from '../../../events/numbers.ts';
import { longerFix } from '../../fixes.ts';
import { left, lessons, progressOf, weightRatio } from '../../learning.ts';
import { higherRate, rateFix } from '../../rates.ts';
import { type JudgedTrace, NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';
import { catchesUp, paceOf, trendOf } from './trend.ts';

/** The loss falls, but will not be down when the epochs are over, at the pace of the latest ones. */
export const slowConvergence = epochRule(
  'slow-convergence',
  (trace) => {
    const { share, suffers } = THRESHOLDS.slow;
    const { started, epochs, config } = trace;
    const done = epochs.at(-1)!.epoch;
    const { train } = lessons(trace);
    const trend = trendOf(train);
    if (progressOf(trace) < share || epochs.length < 5 || !trend?.steady || !(trend.fall > 0))
      return NOTHING;
    const now = train.at(-1)!;
    const rest = left(trace);
    // What is left shrinks by a factor per epoch, or by an amount where that is more.
    const end = Math.min(
      now - trend.fall * (started.epochs - done),
      now * (1 - trend.fall / (now + trend.fall)) ** (started.epochs - done),
    );
    if (!(end > suffers) || !(rest > suffers) || !isOnItsWay(trace)) return NOTHING;
    const better = higherRate(trace, weightRatio(trace, -1));
    return [
      {
        severity: 'warning',
        path: ['optimizer', 'learningRate'],
        message: `After ${done} of ${started.epochs} epochs ${percent(Math.min(1, rest))} of what there is to learn is left${done < started.epochs ? `; at the pace of the latest ones ${percent(end)} will be left in the end` : ''}. Try a higher learning rate (${better}), adam, or more epochs.`,
        evidence: { unexplained: rest, fall: trend.fall, end, threshold: suffers },
        fixes: [
          ...(better > config.optimizer.learningRate ? [rateFix(better)] : []),
          longerFix(trace),
        ],
      },
    ];
  },
  // Where it stands still, it is not slow: that is what can be learned.
  (trace) => catchesUp(trace) || !isOnItsWay(trace),
);

/** It comes forward, however slowly. */
function isOnItsWay(trace: JudgedTrace): boolean {
  return paceOf(trace) > THRESHOLDS.slow.fall * lessons(trace).train.at(-1)!;
}
