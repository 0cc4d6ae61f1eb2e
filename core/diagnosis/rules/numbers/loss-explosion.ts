import { hasExploded } from '../../divergence/explosion.ts';
import { divergenceOf } from '../../divergence/story.ts';
import { lowerRate, rateFix } from '../../rates.ts';
import { NOTHING, type Rule } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';

/** The cost is far above the first one, and stays there (the lectures' reason to stop a run). */
export const lossExplosion: Rule = {
  id: 'loss-explosion',
  moments: ['step'],
  begin: () => (trace) => {
    if (!hasExploded(trace)) return NOTHING;
    const divergence = divergenceOf(trace, true);
    if (!divergence) return NOTHING;
    const { last, losses } = trace;
    return [
      {
        severity: 'error',
        path: ['optimizer', 'learningRate'],
        message: `${divergence.seen} Nothing is learned from there. A lower learning rate usually helps.`,
        evidence: {
          cost: last.loss,
          firstCost: losses.firstCost,
          threshold: THRESHOLDS.explosion.factor * losses.firstCost,
        },
        fixes: [rateFix(lowerRate(trace))],
      },
    ];
  },
};
