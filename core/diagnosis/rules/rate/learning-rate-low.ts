import { number, percent } from '../../../events/numbers.ts';
import { setFix } from '../../fixes.ts';
import { left, lessons, weightRatio } from '../../learning.ts';
import { higherRate, rateFix } from '../../rates.ts';
import { isBehindNeighbours } from '../../reach.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';
import { catchesUp, fallAtTheEnd, gainOf, trendOf } from './trend.ts';

/**
 * A loss that falls nearly along a line, and so slowly that the epochs there are will not do, with updates
 * far smaller than they could be.
 */
export const learningRateLow = epochRule(
  'learning-rate-low',
  (trace) => {
    const { rate, learning } = THRESHOLDS;
    const { started, config, epochs, steered } = trace;
    const warmup = config.schedule.warmup;
    const done = epochs.at(-1)!.epoch;
    if (epochs.length < 2 || steered || config.optimizer.type === 'lbfgs') return NOTHING;
    if (done < Math.max(2, learning.share * started.epochs) + warmup) return NOTHING;
    // The schedule is to blame where it has taken the rate away, and not yet where it has not come to its height.
    if (trace.last.learningRate < 0.3 * config.optimizer.learningRate) return NOTHING;
    const ratio = weightRatio(trace, -1);
    const { train } = lessons(trace);
    const rest = left(trace);
    const trend = trendOf(train);
    if (!trend) return NOTHING;
    const now = train.at(-1)!;
    const end = Math.max(0, now - trend.fall * (started.epochs - done));
    const low = ratio < rate.lowRatio && Math.min(rest, end) > learning.much;
    const many = done * started.stepsPerEpoch >= rate.fewSteps;
    const steady =
      trend.steady && many && (gainOf(trace) > rate.creep || isBehindNeighbours(trace));
    // Still far at the end, although every epoch helped: larger steps would have helped more.
    const late = ratio < rate.lowRatio * 10 && rest > learning.much && end > learning.much / 2;
    const learns = ratio < rate.wantedRatio && fallAtTheEnd(trace) !== null;
    const progress = done / started.epochs;
    const slow = steady && ((progress >= 0.5 && late) || (progress >= 1 && learns));
    if (!low && !slow) return NOTHING;
    const better = higherRate(trace, ratio);
    return [
      {
        severity: rest > learning.nothing ? 'error' : 'warning',
        path: ['optimizer', 'learningRate'],
        message: `After ${done} epochs ${percent(Math.min(1, rest))} of what there is to learn is left, and the training loss falls by ${number(Math.max(0, 100 * trend.fall))} % of that of guessing per epoch. An update is ${number(ratio)} times as large as the weights, where about ${rate.wantedRatio} is healthy: learningRate ${config.optimizer.learningRate} is too low. Try ${better}.`,
        evidence: {
          learningRate: config.optimizer.learningRate,
          ratio,
          threshold: rate.lowRatio,
          unexplained: rest,
        },
        fixes: [
          rateFix(better),
          ...(config.optimizer.type === 'sgd'
            ? [setFix('Use adam', ['optimizer'], { type: 'adam', learningRate: 1e-3 })]
            : []),
        ],
      },
    ];
  },
  catchesUp,
);
