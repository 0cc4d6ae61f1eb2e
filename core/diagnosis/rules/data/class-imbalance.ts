import { number } from '../../../events/numbers.ts';
import { setFix } from '../../fixes.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** One class is so common that saying it always is nearly right: the others are easily given up. */
export const classImbalance: Rule = {
  id: 'class-imbalance',
  moments: ['start'],
  begin:
    () =>
    ({ data, config }) => {
      const { loss } = config;
      const weighted = loss?.type === 'softmaxCrossEntropy' && loss.classWeights !== undefined;
      if (!data?.classes || !data.classCounts || weighted) return NOTHING;
      const counts = [...data.classCounts];
      const most = Math.max(...counts);
      const typical = counts.toSorted((a, b) => a - b)[Math.floor((counts.length - 1) / 2)]!;
      const least = Math.min(...counts);
      if (!(most > THRESHOLDS.classes.imbalance * Math.max(1, least))) return NOTHING;
      // One rare class among many is worth knowing; where most are rare, accuracy means little.
      const serious = most > THRESHOLDS.classes.imbalance * Math.max(1, typical);
      const name = (count: number) => `"${data.classes![counts.indexOf(count)]}"`;
      return [
        {
          severity: serious ? 'warning' : 'info',
          path: ['data'],
          message: `Class ${name(most)} has ${most} training examples, ${name(least)} ${least}: ${number(most / Math.max(1, least))} times as many. Always saying ${name(most)} is right in ${number((100 * most) / counts.reduce((a, b) => a + b, 0))} %, so that accuracy tells little and rare classes are learned late. Let each class weigh alike, or collect more of the rare ones.`,
          evidence: { most, least, threshold: THRESHOLDS.classes.imbalance },
          fixes:
            loss === undefined || loss.type === 'softmaxCrossEntropy'
              ? [
                  setFix('Let each class weigh alike', ['loss'], {
                    ...(loss && { labelSmoothing: loss.labelSmoothing }),
                    type: 'softmaxCrossEntropy',
                    classWeights: 'balanced',
                  }),
                ]
              : [],
        },
      ];
    },
};
