import * as z from 'zod';
import { initSchema } from './init.ts';
import { layerSchema } from './layers/index.ts';

export const modelSchema = z.strictObject({
  layers: z.array(layerSchema).min(1).meta({
    description:
      'The layers, from the input to the output. The last one gives a value for each class, or for each target in regression; softmax belongs to the loss.',
    expected: 'a list of layers, at least one',
  }),
  init: initSchema.default('he').meta({ description: 'How weights start.' }),
  biasInit: z
    .number()
    .default(0)
    .meta({
      description: 'Value that every bias starts from. ReLU networks sometimes start at 0.1.',
      examples: [0, 0.1],
    }),
});
