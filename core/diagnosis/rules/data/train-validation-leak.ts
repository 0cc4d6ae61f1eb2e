import { percent } from '../../../events/numbers.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** Validation examples that are trained with: their score tells nothing of new ones. */
export const trainValidationLeak: Rule = {
  id: 'train-validation-leak',
  moments: ['probe'],
  begin: () => (trace) => {
    const probe = trace.probes.findLast((one) => one.probe === 'data');
    if (probe?.probe !== 'data') return NOTHING;
    const { leaked, validationExamples } = probe;
    const { share: most, leastExamples } = THRESHOLDS.leak;
    const share = leaked / validationExamples;
    if (leaked < leastExamples || !(share > most)) return NOTHING;
    return [
      {
        severity: 'warning',
        path: ['data', 'validation'],
        message: `${leaked} of ${validationExamples} validation examples (${percent(share)}) have the very inputs of a training example: the network has seen them, and the validation score tells less of new ones than it seems. Take duplicates out before the split.`,
        evidence: { leaked, validationExamples, share, threshold: most },
        fixes: [],
      },
    ];
  },
};
