import { left, progressOf } from '../../learning.ts';
import { hasLearnedSoon } from '../../outcome.ts';
import { median } from '../../rates.ts';
import { type JudgedTrace, NOTHING } from '../../rule.ts';
import { THRESHOLDS } from '../../thresholds.ts';
import { staticRule } from './static-rule.ts';

/**
 * Batches in the order of the file: where that is sorted, each batch has examples of one kind alone, and what
 * one batch taught the next one undoes.
 */
export const noShuffle = staticRule(
  'no-shuffle',
  ({ config, started }) => {
    if (config.training.shuffle || started.stepsPerEpoch < 2) return NOTHING;
    return [
      {
        severity: 'warning',
        path: ['training', 'shuffle'],
        message: `shuffle is false: every epoch has the same ${started.stepsPerEpoch} batches, in the order of the data. If these are sorted, by class say, each batch undoes what the one before taught. Shuffle.`,
        evidence: { stepsPerEpoch: started.stepsPerEpoch, batchSize: started.batchSize },
        fixes: [
          {
            title: 'Shuffle the examples',
            edits: [{ path: ['training', 'shuffle'], value: true }],
          },
        ],
      },
    ];
  },
  (trace) => hasLearnedSoon(trace) || forgetsNothing(trace),
);

/** In a run that learns, what an epoch taught at its start is still known when its end has been learned. */
function forgetsNothing(trace: JudgedTrace): boolean {
  const { config, learning } = THRESHOLDS;
  return (
    progressOf(trace) >= config.soon && left(trace) < learning.much && median(jumps(trace)) < 1
  );
}

/**
 * The loss of the first quarter of each epoch, whose examples were seen longest ago, over that of the quarter
 * before. Where examples come in any order it does not jump.
 */
function jumps({ losses, started, epochs }: JudgedTrace): number[] {
  const all: number[] = [];
  const { stepsPerEpoch } = started;
  for (let epoch = 1; epoch < epochs.length; epoch++) {
    const end = epoch * stepsPerEpoch;
    all.push(
      losses.meanOf(end, end + stepsPerEpoch / 4) / losses.meanOf(end - stepsPerEpoch / 4, end),
    );
  }
  return all;
}
