import * as z from 'zod';
import { nonNegative, positive } from './fields.ts';

const regularization = z.strictObject({
  l1: nonNegative()
    .default(0)
    .meta({
      description:
        'Strength λ of the penalty λ|w| on every weight: drives weights to exactly 0. With l2 it is the elastic net.',
      examples: [1e-5],
    }),
  l2: nonNegative()
    .default(0)
    .meta({
      description:
        'Strength λ of the penalty ½λw² on every weight: pulls weights towards 0. Search it on a log scale.',
      examples: [1e-4],
    }),
  maxNorm: positive()
    .optional()
    .meta({
      description:
        'Largest norm of the weights into a unit (or a filter); longer ones are shortened after each update. 3 and 4 are common.',
      fallback: 'no limit',
      examples: [3, 4],
    }),
  bias: z.boolean().default(false).meta({ description: 'Whether biases are penalized too.' }),
});

/** Of the whole config: may be left out. */
export const regularizationSchema = regularization.prefault({}).meta({
  description: 'Penalties on the weights, against overfitting.',
  expected: 'a map such as { l2: 1e-4 }',
});

/** Of one layer. */
export const layerRegularizationSchema = regularization;
