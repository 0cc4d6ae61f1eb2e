import { divergenceRule } from '../../divergence/divergence-rule.ts';
import { lowerRate, median, rateFix } from '../../rates.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** Steps so large that the run was lost by them. */
export const learningRateHigh = divergenceRule(
  'learning-rate-high',
  'rate',
  (trace, { seen, layer, step }) => {
    const { optimizer } = trace.config;
    const rate = lowerRate(trace);
    const ratio = median(trace.ratios.first ?? []);
    const size = Number.isNaN(ratio)
      ? ''
      : ` The first update was ${Number(ratio.toPrecision(2))} times as large as the weights; about ${THRESHOLDS.rate.wantedRatio} is healthy.`;
    return {
      severity: 'error',
      path: ['optimizer', 'learningRate'],
      ...(layer && { layer }),
      message: `${seen}${size} learningRate ${optimizer.learningRate} is too high: each step overshoots and the weights grow without bound. Try ${rate}.`,
      evidence: {
        learningRate: optimizer.learningRate,
        step,
        loss: String(trace.last.loss),
        ratio: Number.isNaN(ratio) ? null : ratio,
        threshold: THRESHOLDS.rate.wantedRatio,
      },
      fixes: [rateFix(rate)],
    };
  },
);
