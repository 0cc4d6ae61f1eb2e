import * as z from 'zod';
import { count, decay } from '../fields.ts';
import { weightOptions } from './dense.ts';

const maxoutOptions = z.strictObject({
  units: count().meta({ description: 'Number of outputs.', unit: 'units', examples: [100] }),
  pieces: count()
    .min(2)
    .default(2)
    .meta({ description: 'Linear maps of each unit, of which the largest counts.' }),
  ...weightOptions,
});

export const maxout = z
  .strictObject({
    maxout: z.union([count(), maxoutOptions]).meta({
      description:
        'Fully connected, each unit the largest of several linear maps of the input: max(x W₁ + b₁, x W₂ + b₂). Learns its own nonlinearity, for as many times the weights.',
      expected: 'a whole number of at least 1, or a map such as { units: 100 }',
      examples: [100],
    }),
  })
  .transform(({ maxout }) => {
    const options = typeof maxout === 'number' ? maxoutOptions.parse({ units: maxout }) : maxout;
    return {
      kind: 'maxout' as const,
      units: options.units,
      pieces: options.pieces,
      bias: options.bias,
      init: options.init ?? null,
      regularization: options.regularization ?? null,
    };
  });

export const dropConnect = z
  .strictObject({
    dropConnect: z
      .strictObject({
        units: count().meta({ description: 'Number of outputs.', unit: 'units', examples: [100] }),
        rate: decay()
          .default(0.5)
          .meta({
            description: 'Fraction of the weights that is dropped in a step.',
            examples: [0.5, 0.2],
          }),
        ...weightOptions,
      })
      .meta({
        description:
          'A dense layer that drops weights instead of outputs: in each step of training a random fraction of its weights is 0, the same for all examples of the batch, and the others are scaled up to make up for it. At test time all weights count.',
        expected: 'a map such as { units: 100, rate: 0.5 }',
      }),
  })
  .transform(({ dropConnect: { units, rate, bias, init, regularization } }) => ({
    kind: 'dropConnect' as const,
    units,
    rate,
    bias,
    init: init ?? null,
    regularization: regularization ?? null,
  }));
