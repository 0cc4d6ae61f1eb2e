import { firstLayerSmoothness } from '../../../inspection/filters/smoothness.ts';
import { setFix } from '../../fixes.ts';
import { left } from '../../learning.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** First-layer weights of images that are noise at the end, in a run that learned little. */
export const noisyFirstLayer: Rule = {
  id: 'noisy-first-layer',
  moments: ['end'],
  begin: () => (trace) => {
    const { firstWeights, started, config } = trace;
    if (!firstWeights || firstWeights.step === 0) return NOTHING;
    const smooth = firstLayerSmoothness(started.plan, firstWeights);
    if (smooth?.verdict !== 'noisy' || !(left(trace) > THRESHOLDS.learning.much)) return NOTHING;
    const l2 = Math.max(1e-4, 10 * config.regularization.l2);
    return [
      {
        severity: 'info',
        path: started.plan.layers.find(({ parameters }) => parameters.length > 0)?.path ?? [
          'model',
        ],
        message: `The first layer's weights look like noise. ${smooth.explanation}`,
        evidence: { smoothness: smooth.value },
        fixes: [setFix(`Set l2 to ${l2}`, ['regularization', 'l2'], l2)],
      },
    ];
  },
};
