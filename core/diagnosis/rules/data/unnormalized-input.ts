import { number, percent } from '../../../events/numbers.ts';
import { standardizeFix } from '../../fixes.ts';
import { hasRecovered, left } from '../../learning.ts';
import { firstLook, rootMeanSquare } from '../../network.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { until } from '../epoch-rule.ts';

/** Inputs so large, or so small, that weights and rate do not suit them, in a run that suffers. */
export const unnormalizedInput: Rule = {
  id: 'unnormalized-input',
  moments: ['epoch', 'look', 'end'],
  begin: until(hasRecovered, (trace) => {
    const look = firstLook(trace);
    if (!look || trace.step === 0 || (trace.data?.nonFinite ?? 0) > 0) return NOTHING;
    const { large, small, suffers } = THRESHOLDS.input;
    const size = rootMeanSquare(look, 0);
    if (!(size > large || size < small)) return NOTHING;
    const broken =
      !Number.isFinite(trace.last.loss) || trace.last.loss > 3 * Math.abs(trace.losses.firstCost);
    const rest = left(trace);
    const late = trace.epochs.length > 1 || (trace.epochs.length > 0 && rest > 1);
    if (!broken && !(late && rest > suffers)) return NOTHING;
    const suffering = broken
      ? 'The run was lost'
      : `After ${trace.epochs.length === 1 ? 'an epoch' : `${trace.epochs.length} epochs`} ${rest >= 1 ? 'the run is no better than guessing' : `${percent(rest)} of what there is to learn is left`}`;
    return [
      {
        severity: broken || rest > THRESHOLDS.learning.nothing ? 'error' : 'warning',
        path: ['data', 'preprocess'],
        message: `What enters the network is of size ${number(size)} (root mean square); initial weights and learning rates are made for about 1. ${suffering}. Standardize: each feature to mean 0 and deviation 1.`,
        evidence: {
          size,
          threshold: size > large ? large : small,
          unexplained: broken ? null : rest,
        },
        fixes: [standardizeFix(trace)],
      },
    ];
  }),
};
