import * as z from 'zod';
import { positive } from '../fields.ts';

export const BATCH_NORM_MEANING =
  'Gives each unit, or each channel of an image, mean 0 and variance 1 over the batch, then a learned scale and shift; at test time uses running averages.';

const options = z.strictObject({
  momentum: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .meta({
      description:
        'Fraction of each batch in the running averages, as in PyTorch; in Keras it is 1 minus this.',
      examples: [0.1, 0.01],
    }),
  epsilon: positive().default(1e-5).meta({
    description: 'Added to the variance: keeps the division finite.',
  }),
});

/** The layer that the name alone stands for. */
export function defaultBatchNorm() {
  return { kind: 'batchNorm' as const, ...options.parse({}) };
}

export const batchNorm = z
  .strictObject({
    batchNorm: options.meta({
      description: BATCH_NORM_MEANING,
      expected: 'a map such as { momentum: 0.1 }',
    }),
  })
  .transform(({ batchNorm }) => ({ kind: 'batchNorm' as const, ...batchNorm }));
