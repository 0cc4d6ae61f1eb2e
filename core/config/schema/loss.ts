import * as z from 'zod';
import { decay, positive, words } from './fields.ts';

const MEANINGS = {
  softmaxCrossEntropy: '−log of the probability that softmax gives to the right class.',
  binaryCrossEntropy:
    'Classes, each on its own: −log of the probability that a sigmoid gives to what is right, the mean over the outputs. Two classes may have one output, for the second.',
  hinge:
    'Classes: the sum over the wrong ones of max(0, 1 + their output − the output of the right one), as in an SVM (Weston and Watkins).',
  meanSquaredError:
    'Mean over the outputs of (y − t)²; for classification t is 1 at the right class, else 0.',
  huber:
    'As half of meanSquaredError for errors up to `delta`, but straight beyond: outliers pull less.',
};

export type LossName = keyof typeof MEANINGS;

const typed = <const Name extends LossName>(name: Name) =>
  words({ [name]: MEANINGS[name] } as Record<Name, string>).meta({
    description: 'What is measured of each example.',
  });

const weight = () => positive().max(1e9);

const distill = z.strictObject({
  teacher: z
    .string()
    .min(1)
    .meta({
      description:
        'The file of the probabilities that are to be learned, one row an example of the source, as `trainscope ensemble` writes it; relative to this config.',
      expected: 'a file name',
      examples: ['soft-targets.safetensors'],
    }),
  temperature: positive()
    .max(1000)
    .default(4)
    .meta({
      description: 'What the logits are divided by before softmax: as the probabilities were made.',
      examples: [2, 4],
    }),
});

const softmaxCrossEntropy = z.strictObject({
  type: typed('softmaxCrossEntropy').default('softmaxCrossEntropy'),
  labelSmoothing: decay()
    .default(0)
    .meta({
      description:
        'Part of the target that all classes share alike, so that the network is never quite sure; a little helps against overfitting.',
      examples: [0.1],
    }),
  classWeights: z
    .union([
      words({
        balanced:
          'Each class weighs alike, however many examples it has: n / (classes · examples of the class), of the training part.',
      }),
      z.array(weight()),
      z.record(z.string(), weight()),
    ])
    .optional()
    .meta({
      description:
        'How much an example of each class counts: a list in the order of the classes, or a map from their names, where a class that is not named weighs 1. The loss is divided by the sum of the weights.',
      fallback: 'all examples count alike',
      expected: 'balanced, a list such as [1, 5] or a map such as { cat: 1, dog: 5 }',
    }),
  distill: distill.optional().meta({
    description:
      'Distillation: in training the probabilities that another network gives take the place of the labels. Validation is by the labels.',
    fallback: 'none: labels are learned',
    expected: 'a map such as { teacher: soft-targets.safetensors, temperature: 4 }',
  }),
});
const binaryCrossEntropy = z.strictObject({ type: typed('binaryCrossEntropy') });
const hinge = z.strictObject({ type: typed('hinge') });
const meanSquaredError = z.strictObject({ type: typed('meanSquaredError') });
const huber = z.strictObject({
  type: typed('huber'),
  delta: positive()
    .default(1)
    .meta({
      description: 'Size of the error from which on the loss is straight.',
      unit: 'the unit of the targets as they are trained on',
      examples: [0.5, 1],
    }),
});

const maps = z.union([softmaxCrossEntropy, binaryCrossEntropy, hinge, meanSquaredError, huber]);

export type LossConfig = z.output<typeof maps>;

/** A map with its `type`, or the name alone with every default. */
export const lossSchema = z
  .union([words(MEANINGS).transform((type) => maps.parse({ type })), ...maps.options])
  .optional()
  .meta({
    noun: 'loss',
    description: 'What training makes small.',
    fallback: 'softmaxCrossEntropy for classification, meanSquaredError for regression',
    expected:
      'softmaxCrossEntropy, meanSquaredError or another name, or a map such as { type: softmaxCrossEntropy, labelSmoothing: 0.1 }',
  });

const CLASSES_ONLY: readonly LossName[] = ['softmaxCrossEntropy', 'binaryCrossEntropy', 'hinge'];

/** Whether a loss means nothing without classes. */
export function needsClasses({ type }: LossConfig): boolean {
  return CLASSES_ONLY.includes(type);
}

/** The loss of a config that names none. */
export function defaultLoss(task: 'classification' | 'regression'): LossConfig {
  return maps.parse({
    type: task === 'classification' ? 'softmaxCrossEntropy' : 'meanSquaredError',
  });
}
