import { divergenceOf } from '../../divergence/story.ts';
import { lowerRate, rateFix } from '../../rates.ts';
import { NOTHING, type Rule } from '../../rule.ts';

/** The cost is NaN or infinite, and no more is known of why: else the cause is told instead. */
export const nonFinite: Rule = {
  id: 'non-finite',
  moments: ['step'],
  begin: () => (trace) => {
    if (trace.step === 0 || Number.isFinite(trace.last.loss)) return NOTHING;
    const divergence = divergenceOf(trace, false);
    if (!divergence) return NOTHING;
    const { seen, layer } = divergence;
    return [
      {
        severity: 'error',
        path: layer ?? ['optimizer', 'learningRate'],
        ...(layer && { layer }),
        message: `${seen} Nothing can be learned from there. A lower learning rate, gradientClip or a smaller init usually helps.`,
        evidence: { step: trace.step, loss: String(trace.last.loss) },
        fixes: [
          rateFix(lowerRate(trace)),
          {
            title: 'Clip gradients to norm 5',
            edits: [{ path: ['gradientClip'], value: { norm: 5 } }],
          },
        ],
      },
    ];
  },
};
