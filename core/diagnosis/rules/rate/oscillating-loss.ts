import { number, rounded } from '../../../events/numbers.ts';
import { isEarly, left, lessons } from '../../learning.ts';
import { rateFix } from '../../rates.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** A training loss that goes up and down from epoch to epoch, far more than it comes down. */
export const oscillatingLoss = epochRule(
  'oscillating-loss',
  (trace) => {
    const { span, swing, turns } = THRESHOLDS.oscillation;
    const { train } = lessons(trace);
    if (isEarly(trace, THRESHOLDS.learning.share) || train.length < span) return NOTHING;
    const latest = train.slice(-span);
    const steps = latest.slice(1).map((value, i) => value - latest[i]!);
    const size = steps.reduce((sum, step) => sum + Math.abs(step), 0) / steps.length;
    const turned = steps.slice(1).filter((step, i) => step * steps[i]! < 0).length;
    if (!(size > swing) || turned < turns) return NOTHING;
    const rate = rounded(trace.config.optimizer.learningRate / 5);
    return [
      {
        severity: 'warning',
        path: ['optimizer', 'learningRate'],
        message: `From epoch to epoch the training loss swings by ${number(size)} of that of guessing, up and down, over the last ${span} epochs: steps overshoot. A lower learning rate (try ${rate}) or larger batches calm it.`,
        evidence: { swing: size, threshold: swing, epochs: span },
        fixes: [rateFix(rate)],
      },
    ];
  },
  (trace) => left(trace) < THRESHOLDS.learning.over,
);
