import * as z from 'zod';
import { count, decay, nonNegative, positive, words } from './fields.ts';

const learningRate = (rate: number) =>
  positive()
    .default(rate)
    .meta({
      description:
        'Size of a step along the gradient. Too high and the loss explodes; too low and it hardly falls. Search it on a log scale.',
      examples: [1e-2, 1e-3],
    });

const MEANINGS = {
  sgd: 'Stochastic gradient descent, with momentum if wanted.',
  adagrad: 'Adagrad: a step size for each weight, which only shrinks; for sparse gradients.',
  rmsprop: 'RMSProp: a step size for each weight, from its recent gradients.',
  adam: 'Adam: momentum and a step size for each weight; works well with its defaults.',
  adamW: 'Adam with weight decay that the step sizes leave alone.',
  lbfgs:
    'L-BFGS: steps that follow the curvature, seen in the last few gradients; for small networks, of the full batch alone.',
};

const typeMeta = { description: 'The update rule.' };

const sgd = z
  .strictObject({
    type: words({ sgd: MEANINGS.sgd }).meta(typeMeta),
    learningRate: learningRate(1e-2),
    momentum: decay()
      .default(0)
      .meta({
        description: 'Fraction μ of the last velocity that is kept: v ← μv + g.',
        examples: [0.5, 0.9, 0.99],
      }),
    nesterov: z.boolean().default(false).meta({
      description: "Nesterov's momentum: takes the gradient where the momentum leads.",
    }),
  })
  .refine(({ nesterov, momentum }) => !nesterov || momentum > 0, {
    path: ['nesterov'],
    message: 'nesterov needs a momentum above 0, for example momentum: 0.9.',
  });

const epsilon = (value: number) =>
  positive().default(value).meta({
    description: 'Keeps the division by the root of the squared gradients finite.',
  });

const adagrad = z.strictObject({
  type: words({ adagrad: MEANINGS.adagrad }).meta(typeMeta),
  learningRate: learningRate(1e-2),
  epsilon: epsilon(1e-10),
});

const rmsprop = z.strictObject({
  type: words({ rmsprop: MEANINGS.rmsprop }).meta(typeMeta),
  learningRate: learningRate(1e-2),
  rho: decay().default(0.9).meta({
    description: 'Decay of the running mean of the squared gradients.',
  }),
  epsilon: epsilon(1e-8),
});

const moments = {
  learningRate: learningRate(1e-3),
  beta1: decay().default(0.9).meta({
    description: 'Decay of the running mean of the gradients.',
  }),
  beta2: decay().default(0.999).meta({
    description: 'Decay of the running mean of the squared gradients.',
  }),
  epsilon: epsilon(1e-8),
};

const adam = z.strictObject({
  type: words({ adam: MEANINGS.adam }).default('adam').meta(typeMeta),
  ...moments,
});

const adamW = z.strictObject({
  type: words({ adamW: MEANINGS.adamW }).meta(typeMeta),
  ...moments,
  weightDecay: nonNegative()
    .default(1e-2)
    .meta({
      description: 'Fraction of every parameter that a step with rate 1 takes away, biases too.',
      examples: [1e-2, 0.1],
    }),
});

const lbfgs = z.strictObject({
  type: words({ lbfgs: MEANINGS.lbfgs }).meta(typeMeta),
  learningRate: positive()
    .default(1)
    .meta({
      description:
        'Fraction of the step to the minimum that the curvature foretells; the first step is shorter. Lower it if the loss rises.',
      examples: [1, 0.5],
    }),
  memory: count()
    .max(1000)
    .default(10)
    .meta({
      description:
        'Latest steps, with the changes of the gradient, from which the curvature is told. Each takes twice the memory of all parameters.',
      unit: 'steps',
      examples: [10, 20],
    }),
});

const maps = z.union([sgd, adagrad, rmsprop, adam, adamW, lbfgs]);

/** A map with its `type`, or the name alone with every default. */
export const optimizerSchema = z
  .union([words(MEANINGS).transform((type) => maps.parse({ type })), ...maps.options])
  .prefault({})
  .meta({
    noun: 'optimizer',
    description: 'How weights follow their gradients.',
    fallback: 'adam with learningRate 1e-3',
    expected: 'sgd, adam or a map such as { type: sgd, learningRate: 1e-2 }',
  });
