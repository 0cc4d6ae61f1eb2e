import * as z from 'zod';
import { count, words } from './fields.ts';

export const trainingSchema = z
  .strictObject({
    epochs: count().default(10).meta({
      description: 'Passes over the training examples.',
      unit: 'epochs',
    }),
    batchSize: z
      .union([count(), words({ full: 'All training examples at once.' })])
      .default(64)
      .meta({
        description:
          'Examples per update. Smaller batches make the loss noisier; larger ones make a step slower.',
        unit: 'examples',
        expected: 'a whole number of at least 1, or full',
        examples: [32, 64, 'full'],
      }),
    shuffle: z.boolean().default(true).meta({
      description: 'Whether each epoch sees the examples in a new order.',
    }),
    seed: z.number().int().min(0).default(1).meta({
      description:
        'Start of all random numbers: split, initial weights, order. The same seed gives the same run, bit for bit.',
    }),
  })
  .prefault({})
  .meta({
    description: 'How long and in which portions to train.',
    expected: 'a map such as { epochs: 10 }',
  });
