import { percent } from '../../../events/numbers.ts';
import { batchNormFix, initFix, reluFix } from '../../fixes.ts';
import { hasRecovered, isEarly, left } from '../../learning.ts';
import { activationRow, fadingAtFirst, hiddenActivations } from '../../network.ts';
import { NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { measured } from '../../trace.ts';
import { epochRule } from '../epoch-rule.ts';

/** Most values of a layer where its activation is flat, in a run that learns little. */
export const saturatedActivations = epochRule(
  'saturated-activations',
  (trace) => {
    const { saturated, suffers } = THRESHOLDS.signal;
    // In layers through which no gradient comes, saturation is what little they learn ends in.
    if (fadingAtFirst(trace) < THRESHOLDS.signal.vanishing) return NOTHING;
    const { look } = trace;
    const rest = left(trace);
    if (!look || isEarly(trace, THRESHOLDS.learning.share) || !(rest > suffers)) return NOTHING;
    const activations = hiddenActivations(trace);
    const worst = activations
      .map((layer) => ({ layer, share: measured(look, activationRow(trace, layer), 'saturated') }))
      .filter(({ share }) => share > saturated)
      .sort((a, b) => b.share - a.share)[0];
    if (!worst) return NOTHING;
    const { layer, share } = worst;
    return [
      {
        severity: 'warning',
        path: layer.path,
        layer: layer.path,
        message: `${percent(share)} of the outputs of ${layer.label} are where it is flat, so that hardly any gradient passes, and ${percent(Math.min(1, rest))} of what there is to learn is left after ${trace.epochs.length} epochs. Smaller initial weights, standardized inputs, a lower learning rate or batch normalization keep values where it is steep.`,
        evidence: { saturated: share, threshold: saturated, layer: layer.label, unexplained: rest },
        fixes: [initFix(trace), ...batchNormFix(trace), ...reluFix(trace, activations)],
      },
    ];
  },
  hasRecovered,
);
