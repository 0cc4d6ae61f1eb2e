import { hasLearnedSoon } from '../../outcome.ts';
import { NOTHING } from '../../rule.ts';
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
  hasLearnedSoon,
);
