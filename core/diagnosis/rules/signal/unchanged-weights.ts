import { number, rounded } from '../../../events/numbers.ts';
import { isEarly, left, weightRatio } from '../../learning.ts';
import { rateFix } from '../../rates.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** Updates too small to change a weight, while there is much to learn. */
export const unchangedWeights = epochRule('unchanged-weights', (trace) => {
  const { unchanged, suffers } = THRESHOLDS.signal;
  const ratio = weightRatio(trace, -1);
  if (isEarly(trace, THRESHOLDS.learning.share) || !(ratio < unchanged)) return NOTHING;
  // A schedule that has come to its end leaves nothing to change.
  if (trace.last.learningRate < 0.1 * trace.config.optimizer.learningRate) return NOTHING;
  const rest = left(trace);
  if (!(rest > suffers)) return NOTHING;
  const rate = trace.config.optimizer.learningRate;
  const wanted = rounded(rate * Math.min(1e9, THRESHOLDS.rate.wantedRatio / ratio));
  return [
    {
      severity: 'warning',
      path: ['optimizer', 'learningRate'],
      message: `In epoch ${trace.epochs.length} an update was ${number(ratio)} times as large as the weights: they do not change any more, and the loss is still ${number(rest)} times that of guessing. Raise learningRate, or look for layers that pass no gradient.`,
      evidence: { ratio, threshold: unchanged, unexplained: rest },
      fixes: [rateFix(wanted)],
    },
  ];
});
