import * as z from 'zod';
import { count } from './fields.ts';
import { initSchema } from './init.ts';
import { layerSchema } from './layers/index.ts';

const from = z.strictObject({
  checkpoint: z
    .string()
    .min(1)
    .meta({
      description:
        'A checkpoint (.safetensors), or the folder of a run, whose best checkpoint is taken; relative to this config.',
      expected: 'the name of a file or of the folder of a run',
      examples: ['.trainscope/runs/20251121-093105-digits'],
    }),
  layers: count().optional().meta({
    description: 'How many layers, from the first on, start as the checkpoint has them.',
    unit: 'layers',
    fallback: 'all layers',
  }),
  freeze: z.number().int().min(0).default(0).meta({
    description:
      'How many layers, from the first on, are not trained: they work as at test time, with their running averages and without dropout.',
    unit: 'layers',
    expected: 'a whole number of at least 0',
  }),
});

export const modelSchema = z
  .strictObject({
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
    from: from.optional().meta({
      description:
        'Fine-tuning: starts from what another run has learned instead of from random weights.',
      fallback: 'every layer starts from its init',
      expected: 'a map such as { checkpoint: best.safetensors, layers: 4, freeze: 4 }',
    }),
  })
  .superRefine(({ layers, from }, context) => {
    for (const key of ['layers', 'freeze'] as const) {
      const wanted = from?.[key];
      if (wanted === undefined || wanted <= layers.length) continue;
      context.addIssue({
        code: 'custom',
        path: ['from', key],
        message: `${key} must be at most ${layers.length}, the number of layers; found ${wanted}.`,
      });
    }
    if (from && from.freeze > 0 && from.freeze === layers.length) {
      context.addIssue({
        code: 'custom',
        path: ['from', 'freeze'],
        message: `freeze is ${from.freeze}, the number of layers: nothing would be trained. Freeze fewer.`,
      });
    }
  });
