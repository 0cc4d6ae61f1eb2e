import { batchNormFix, reluFix } from '../../fixes.ts';
import { isEarly, left, lessons } from '../../learning.ts';
import { gradientSizes, hiddenActivations } from '../../network.ts';
import { number } from '../../numbers.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** Gradients that fade on their way to the first layers, in a run that learns nothing. */
export const vanishingGradients = epochRule(
  'vanishing-gradients',
  (trace) => {
    const { signal, learning } = THRESHOLDS;
    const { look } = trace;
    if (!look || isEarly(trace, learning.share)) return NOTHING;
    const { train } = lessons(trace);
    const rest = left(trace);
    const stuck = rest > learning.nothing && train.at(-1)! > learning.nothing;
    if (!stuck) return NOTHING;
    const sizes = gradientSizes(trace, look);
    if (sizes.length < 3) return NOTHING;
    const ratio = sizes[0]! / sizes.at(-1)!;
    if (!(ratio < signal.vanishing)) return NOTHING;
    const activations = hiddenActivations(trace);
    const first = activations[0];
    return [
      {
        severity: 'error',
        path: first?.path ?? ['model', 'layers'],
        ...(first && { layer: first.path }),
        message: `After ${trace.epochs.length} epochs the run is no better than guessing, and the gradient fades on its way back: that of the first layer's weights is ${number(ratio)} times that of the last layer's. The first layers hardly learn. Use relu with init: he, batch normalization or fewer layers.`,
        evidence: {
          ratio,
          threshold: signal.vanishing,
          layers: sizes.length,
          unexplained: rest,
        },
        fixes: [...reluFix(trace, activations), ...batchNormFix(trace)],
      },
    ];
  },
  (trace) => left(trace) < THRESHOLDS.learning.over,
);
