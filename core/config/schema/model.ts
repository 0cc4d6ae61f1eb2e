import * as z from 'zod';
import { count, positive, words } from './fields.ts';
import { layerRegularizationSchema } from './regularization.ts';

const INIT_MEANINGS = {
  zeros: 'All weights 0: every unit of a layer stays equal. For demonstration.',
  xavier: 'Normal with standard deviation 1/√fanIn: for tanh and sigmoid.',
  he: 'Normal with standard deviation √(2/fanIn): for ReLU and its relatives.',
};

export const initSchema = z
  .union([
    words(INIT_MEANINGS),
    z.strictObject({
      normal: positive().meta({
        description: 'Normal with this standard deviation, whatever the layer.',
        examples: [0.01],
      }),
    }),
  ])
  .meta({ expected: 'zeros, xavier, he or { normal: std }' });

const denseOptions = z.strictObject({
  units: count().meta({ description: 'Number of outputs.', unit: 'units', examples: [100] }),
  bias: z.boolean().default(true).meta({ description: 'Whether each unit has a bias.' }),
  init: initSchema
    .optional()
    .meta({ description: 'Initial weights of this layer.', fallback: "model's init" }),
  regularization: layerRegularizationSchema.optional().meta({
    description: 'Replaces the regularization of the config for this layer.',
    fallback: "the config's regularization",
    expected: 'a map such as { l2: 1e-4 }',
  }),
});

/** A layer written as its name alone, with everything at its default. */
const plain = words({
  sigmoid: '1 / (1 + e⁻ˣ): outputs in 0..1; saturates on both sides.',
  tanh: 'Hyperbolic tangent: outputs in −1..1, centered on 0; saturates on both sides.',
  relu: 'max(0, x): cheap and does not saturate for x > 0; units can die.',
  leakyRelu: 'x for x > 0, else slope · x (slope 0.01): units do not die.',
  elu: 'x for x > 0, else α (eˣ − 1) (α 1): smooth, mean nearer to 0.',
});

const DENSE = 'Fully connected: y = x W + b. An image is flattened first.';
const LEAKY_SLOPE = 0.01;
const ELU_ALPHA = 1;

type NamedLayer =
  | { kind: 'sigmoid' }
  | { kind: 'tanh' }
  | { kind: 'relu' }
  | { kind: 'leakyRelu'; slope: number }
  | { kind: 'elu'; alpha: number };

export const layerSchema = z
  .union([
    plain.transform((kind): NamedLayer => {
      if (kind === 'leakyRelu') return { kind, slope: LEAKY_SLOPE };
      if (kind === 'elu') return { kind, alpha: ELU_ALPHA };
      return { kind };
    }),
    z
      .strictObject({
        dense: z.union([count(), denseOptions]).meta({
          description: DENSE,
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
      }),
    z
      .strictObject({
        leakyRelu: z
          .strictObject({
            slope: z
              .number()
              .min(0)
              .lt(1)
              .default(LEAKY_SLOPE)
              .meta({
                description: 'Slope for x ≤ 0.',
                examples: [0.01],
              }),
          })
          .meta({
            description: 'x for x > 0, else slope · x: units do not die.',
            expected: 'a map such as { slope: 0.01 }',
          }),
      })
      .transform(({ leakyRelu }) => ({ kind: 'leakyRelu' as const, slope: leakyRelu.slope })),
    z
      .strictObject({
        elu: z
          .strictObject({
            alpha: positive()
              .default(ELU_ALPHA)
              .meta({
                description: 'The output comes down to −α for very negative x.',
                examples: [1],
              }),
          })
          .meta({
            description: 'x for x > 0, else α (eˣ − 1): smooth, mean nearer to 0.',
            expected: 'a map such as { alpha: 1 }',
          }),
      })
      .transform(({ elu }) => ({ kind: 'elu' as const, alpha: elu.alpha })),
  ])
  .meta({ noun: 'layer', expected: 'a name such as relu, or a map such as dense: 100' });

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
