import type { RunEvent } from '../../../../core/events/run-event.ts';
import { deadShares, ofWeights } from '../judging/measured-rows.ts';
import { follow } from '../judging/rule-set.ts';

/**
 * What a bad run looks like, in the words of AutoTrainer: it tells how many of each kind are drawn, never
 * which runs are bad. The first that fits.
 */
export const TRAITS = [
  'exploding',
  'dying relu',
  'vanishing',
  'oscillating',
  'slow',
  'hard',
] as const;
export type Trait = (typeof TRAITS)[number];

export function traitOf(events: readonly RunEvent[]): Trait {
  const seen = { exploding: false, vanishing: false, looks: 0, faint: 0 };
  const trace = follow(events, (known, moment) => {
    if (moment === 'step' && !Number.isFinite(known.last.loss)) seen.exploding = true;
    if (moment !== 'look') return;
    const norms = ofWeights(known, 'parameterGradient').map((g) => g.of('norm'));
    if (norms.some((norm) => norm > 70)) seen.exploding = true;
    seen.looks++;
    if (norms[0]! < 1e-4 && norms[0]! / norms.at(-1)! < 1e-3) seen.faint++;
  });
  const { epochs } = trace;
  const first = epochs[0]?.train.dataLoss ?? Number.NaN;
  const last = epochs.at(-1)?.train.dataLoss ?? Number.NaN;
  if (seen.exploding || last > 3 * first) return 'exploding';
  if (trace.started && trace.config) {
    const dead = deadShares(trace as Parameters<typeof deadShares>[0], 0.001);
    if (dead.some((share) => share >= 0.7)) return 'dying relu';
  }
  if (seen.faint > seen.looks / 2) return 'vanishing';
  const accuracies = epochs.map(({ train }) => train.accuracy ?? 0);
  const falls = accuracies.filter((accuracy, i) => i > 0 && accuracies[i - 1]! - accuracy >= 0.03);
  if (falls.length >= 0.2 * accuracies.length) return 'oscillating';
  // It still moves: with more time, or larger steps, it would get there.
  return last < 0.98 * first ? 'slow' : 'hard';
}
