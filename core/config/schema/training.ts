import * as z from 'zod';
import { count, words } from './fields.ts';

const earlyStop = z.strictObject({
  patience: count().default(10).meta({
    description:
      'Training ends when so many epochs in a row have brought no lower validation loss.',
    unit: 'epochs',
  }),
});

const checkpoint = z.strictObject({
  every: count().default(1).meta({
    description:
      'Epochs from one checkpoint to the next. Epochs that take less than a second share one.',
    unit: 'epochs',
  }),
  keep: count().default(3).meta({
    description: 'How many of the latest are kept; the best is always kept beside them.',
    unit: 'checkpoints',
  }),
});

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
    threads: count()
      .max(256)
      .optional()
      .meta({
        description:
          'Threads that share each step. The result is the same to the last bit, however many there are; a network too small to gain from it trains on one.',
        unit: 'threads',
        fallback: 'all cores in a terminal, all but one in the editor',
        examples: [1, 4],
      }),
    earlyStop: earlyStop.optional().meta({
      description: 'Ends the training early when the validation loss has stopped falling.',
      fallback: 'all epochs are trained',
      expected: 'a map such as { patience: 10 }',
    }),
    stopOnExplosion: z.boolean().default(true).meta({
      description:
        'Ends the training when the cost has grown to more than three times what it was at first and does not come down again: nothing is learned from there, and time is saved.',
    }),
    ema: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .meta({
        description:
          'Keeps a running average of the parameters, a ← d a + (1 − d) w after each update, and validates with that: it is steadier than the last weights. d is this number, and at most (1 + step) / (10 + step) so that the first weights are soon forgotten.',
        fallback: 'none: validation is done with the weights themselves',
        expected: 'a number above 0 and below 1',
        examples: [0.999],
      }),
    checkpoint: checkpoint.prefault({}).meta({
      description:
        "Files in the run's folder that a run can be continued from, or another one started: the weights and all else that training needs.",
      expected: 'a map such as { every: 1, keep: 3 }',
    }),
  })
  .prefault({})
  .meta({
    description: 'How long and in which portions to train.',
    expected: 'a map such as { epochs: 10 }',
  });
