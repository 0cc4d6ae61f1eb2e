import { number } from '../../../events/numbers.ts';
import { initFix } from '../../fixes.ts';
import { leftAtFirst } from '../../learning.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** The first loss is far from that of guessing: the network starts out sure of what it cannot know. */
export const initialLoss: Rule = {
  id: 'initial-loss',
  moments: ['epoch'],
  begin: () => (trace) => {
    const { firstDataLoss } = trace.losses;
    const classes = trace.data?.classes?.length ?? 0;
    const type = trace.config.loss?.type ?? 'softmaxCrossEntropy';
    if (classes < 2 || type !== 'softmaxCrossEntropy' || trace.config.model.from) return NOTHING;
    const expected = Math.log(classes);
    // Unequal classes make both larger than what guessing by their shares would give.
    if (!(Math.min(leftAtFirst(trace), firstDataLoss / expected) > THRESHOLDS.init.firstLoss))
      return NOTHING;
    return [
      {
        severity: 'info',
        path: ['model', 'init'],
        message: `The first loss was ${number(firstDataLoss)}; ln ${classes} = ${number(expected)} is that of guessing among ${classes} classes. The network started out sure of what it could not know: smaller initial weights or standardized inputs save it unlearning that.`,
        evidence: { firstLoss: firstDataLoss, expected, threshold: THRESHOLDS.init.firstLoss },
        fixes: [initFix(trace)],
      },
    ];
  },
};
