import { words } from './fields.ts';

export type LossName = 'softmaxCrossEntropy' | 'meanSquaredError';

export const lossSchema = words({
  softmaxCrossEntropy: '−log of the probability that softmax gives to the right class.',
  meanSquaredError:
    'Mean over the outputs of (y − t)²; for classification t is 1 at the right class, else 0.',
} satisfies Record<LossName, string>)
  .optional()
  .meta({
    description: 'What training makes small.',
    fallback: 'softmaxCrossEntropy for classification, meanSquaredError for regression',
  });

/** The loss of a config that names none. */
export function defaultLoss(task: 'classification' | 'regression'): LossName {
  return task === 'classification' ? 'softmaxCrossEntropy' : 'meanSquaredError';
}
