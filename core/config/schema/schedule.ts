import * as z from 'zod';
import { count, nonNegative, positive, words } from './fields.ts';

const MEANINGS = {
  constant: 'The learning rate as the optimizer has it.',
  step: 'Times `factor` every `every` epochs.',
  exponential: 'α₀ e^(−rate · epoch), from epoch to epoch.',
  inverse: 'α₀ / (1 + rate · epoch), from epoch to epoch.',
  plateau: 'Times `factor` whenever the validation loss has stopped falling.',
  cosine: 'Half a cosine wave from the learning rate down to 0, over the whole training.',
  cosineRestarts:
    'A cosine wave down to 0 every `period` epochs, then at full height again (SGDR).',
  oneCycle:
    'From 1/25 of the learning rate up to it over the first 30 % of the updates, then down to 1/250,000, both along a cosine. Momentum stays as it is.',
};

type ScheduleName = keyof typeof MEANINGS;

const warmup = nonNegative()
  .default(0)
  .meta({
    description:
      'Epochs (or a part of one) in which the rate first rises evenly from near 0, a little with each update; the schedule begins after them.',
    unit: 'epochs',
    examples: [1, 0.5],
  });

const factor = (fraction: number) =>
  z
    .number()
    .gt(0)
    .lt(1)
    .default(fraction)
    .meta({
      description: 'What the learning rate is multiplied with.',
      expected: 'a number above 0 and below 1',
      examples: [0.5, 0.1],
    });

const rate = positive()
  .default(0.1)
  .meta({ description: 'How fast the rate falls, per epoch.', examples: [0.1] });

const typed = <const Name extends ScheduleName>(name: Name) =>
  words({ [name]: MEANINGS[name] } as Record<Name, string>).meta({
    description: 'How the learning rate changes.',
  });

const constant = z.strictObject({ type: typed('constant').default('constant'), warmup });
const step = z.strictObject({
  type: typed('step'),
  every: count().default(5).meta({
    description: 'Epochs from one cut to the next.',
    unit: 'epochs',
  }),
  factor: factor(0.5),
  warmup,
});
const exponential = z.strictObject({ type: typed('exponential'), rate, warmup });
const inverse = z.strictObject({ type: typed('inverse'), rate, warmup });
const plateau = z.strictObject({
  type: typed('plateau'),
  patience: z.number().int().min(0).default(5).meta({
    description:
      'Epochs in a row without a lower validation loss (by at least 0.01 %) that are put up with; the next one brings the cut.',
    unit: 'epochs',
    expected: 'a whole number of at least 0',
  }),
  factor: factor(0.1),
  warmup,
});
const cosine = z.strictObject({ type: typed('cosine'), warmup });
const cosineRestarts = z.strictObject({
  type: typed('cosineRestarts'),
  period: count().default(10).meta({
    description: 'Epochs from the start to the first restart.',
    unit: 'epochs',
  }),
  multiply: count()
    .default(1)
    .meta({
      description: 'How many times as long each period is as the one before.',
      examples: [1, 2],
    }),
  warmup,
});
const oneCycle = z.strictObject({ type: typed('oneCycle'), warmup });

const maps = z.union([
  step,
  exponential,
  inverse,
  plateau,
  cosine,
  cosineRestarts,
  oneCycle,
  constant,
]);

/** A map with its `type`, or the name alone with every default. */
export const scheduleSchema = z
  .union([words(MEANINGS).transform((type) => maps.parse({ type })), ...maps.options])
  .prefault({})
  .meta({
    noun: 'schedule',
    description:
      'How the learning rate changes over the training; what the optimizer says is its full height. A change of the rate while the run is going on sets a new full height.',
    fallback: 'constant',
    expected: 'cosine, oneCycle or a map such as { type: step, every: 5, factor: 0.5 }',
  });
