import { number, percent } from '../../../events/numbers.ts';
import { batchNormFix, reluFix } from '../../fixes.ts';
import { hasRecovered, isEarly, left, lessons } from '../../learning.ts';
import { fading, fadingAtFirst, hiddenActivations } from '../../network.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { epochRule } from '../epoch-rule.ts';

/** Gradients that fade on their way to the first layers, in a run that learns nothing, or late. */
export const vanishingGradients = epochRule(
  'vanishing-gradients',
  (trace) => {
    const { signal, learning } = THRESHOLDS;
    const { look } = trace;
    const rest = left(trace);
    if (!look || isEarly(trace, learning.share)) return NOTHING;
    const stuck = Math.min(rest, lessons(trace).train.at(-1)!) > learning.nothing;
    // What is built so that gradients fade is to blame for a slow start, too.
    const ratio = stuck ? fading(trace, look) : fadingAtFirst(trace);
    if (!(stuck || rest > signal.suffers) || !(ratio < signal.vanishing)) return NOTHING;
    const activations = hiddenActivations(trace);
    const first = activations[0];
    return [
      {
        severity: stuck ? 'error' : 'warning',
        path: first?.path ?? ['model', 'layers'],
        ...(first && { layer: first.path }),
        message: `After ${trace.epochs.length} epochs ${stuck ? 'the run is no better than guessing' : `${percent(Math.min(1, rest))} of what there is to learn is left`}, and the gradient fades on its way back: that of the first layer's weights is ${number(ratio)} times that of the last layer's${stuck ? '' : ' before the first step'}. The first layers hardly learn. Use relu with init: he, batch normalization or fewer layers.`,
        evidence: {
          ratio,
          threshold: signal.vanishing,
          unexplained: rest,
        },
        fixes: [...reluFix(trace, activations), ...batchNormFix(trace)],
      },
    ];
  },
  hasRecovered,
);
