import * as z from 'zod';
import { count, positive, words } from './fields.ts';

const METHODS = {
  inits:
    'The same network, each time from other random weights and with another order of examples.',
  bootstrap: 'As inits, each trained on a bootstrap sample of its own.',
  topTrials: "The best trials of this config's latest sweep.",
  snapshots:
    'One run with schedule: cosineRestarts; a member at each minimum of the learning rate, the last `size` of them (Huang et al. 2017).',
  checkpoints: 'One run; a member every training.checkpoint.every epochs, the last `size` of them.',
  ema: 'One run with training.ema: the running average of its parameters, beside the last ones.',
  monteCarloDropout:
    'One run of a network with dropout, which goes on at test time: `size` passes, each with other masks (Gal and Ghahramani 2016).',
};

export type EnsembleMethod = keyof typeof METHODS;
export const ENSEMBLE_METHODS = Object.keys(METHODS) as EnsembleMethod[];

const COMBINATIONS = {
  average: 'The mean of the probabilities; for regression, of the outputs.',
  vote: 'The class that most members choose; of several, the one with the higher mean probability.',
  parameters:
    'One network with the mean of the parameters; the averages of batchNorm are measured anew on the training part. For members of one run.',
};

export type Combination = keyof typeof COMBINATIONS;

const distill = z.strictObject({
  temperature: positive()
    .max(1000)
    .default(4)
    .meta({
      description:
        'What logits are divided by before softmax, the ensemble’s and the new network’s: the higher, the more is learned from how probable the wrong classes are.',
      examples: [2, 4],
    }),
});

/** May be left out: `trainscope ensemble` then takes the defaults. */
export const ensembleSchema = z
  .strictObject({
    method: words(METHODS).default('inits').meta({ description: 'What the members are.' }),
    size: count()
      .min(2)
      .max(1000)
      .optional()
      .meta({
        description: 'How many members; of monteCarloDropout, how many passes. Not used by ema.',
        unit: 'members',
        fallback: '5, or as many as one run has',
        expected: 'a whole number of at least 2',
        examples: [5, 10],
      }),
    combine: words(COMBINATIONS).optional().meta({
      description: 'How what the members say becomes one answer.',
      fallback: 'average; ema averages parameters',
    }),
    distill: distill.optional().meta({
      description:
        'Trains one new network of this config to give the probabilities of the ensemble instead of the labels (Hinton, Vinyals and Dean 2015): it answers as fast as one.',
      fallback: 'none',
      expected: 'a map such as { temperature: 4 }',
    }),
  })
  .optional()
  .meta({
    description:
      'Several networks that answer together: `trainscope ensemble` trains and compares.',
    fallback: '{ method: inits, size: 5, combine: average }',
    expected: 'a map such as { method: inits, size: 5, combine: average }',
  });
