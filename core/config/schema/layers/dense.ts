import * as z from 'zod';
import { count } from '../fields.ts';
import { initSchema } from '../init.ts';
import { layerRegularizationSchema } from '../regularization.ts';

/** Keys of every layer that has weights. */
export const weightOptions = {
  bias: z.boolean().default(true).meta({ description: 'Whether each unit has a bias.' }),
  init: initSchema
    .optional()
    .meta({ description: 'Initial weights of this layer.', fallback: "model's init" }),
  regularization: layerRegularizationSchema.optional().meta({
    description: 'Replaces the regularization of the config for this layer.',
    fallback: "the config's regularization",
    expected: 'a map such as { l2: 1e-4 }',
  }),
};

const denseOptions = z.strictObject({
  units: count().meta({ description: 'Number of outputs.', unit: 'units', examples: [100] }),
  ...weightOptions,
});

export const dense = z
  .strictObject({
    dense: z.union([count(), denseOptions]).meta({
      description: 'Fully connected: y = x W + b. An image is flattened first.',
      expected: 'a whole number of at least 1, or a map such as { units: 100 }',
      examples: [100],
    }),
  })
  .transform(({ dense }) => {
    const options = typeof dense === 'number' ? denseOptions.parse({ units: dense }) : dense;
    return {
      kind: 'dense' as const,
      units: options.units,
      bias: options.bias,
      init: options.init ?? null,
      regularization: options.regularization ?? null,
    };
  });
