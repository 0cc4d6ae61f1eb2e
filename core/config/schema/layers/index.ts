import * as z from 'zod';
import { words } from '../fields.ts';
import { ACTIVATION_MEANINGS, activationOf, elu, leakyRelu, prelu } from './activations.ts';
import { BATCH_NORM_MEANING, batchNorm, defaultBatchNorm } from './batchNorm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { dropConnect, maxout } from './linear.ts';
import { avgPool, IMAGE_MEANINGS, imageLayerOf, maxPool } from './pooling.ts';

/** Every layer that holds no other layers. */
const simple = [
  words({ batchNorm: BATCH_NORM_MEANING }).transform(defaultBatchNorm),
  words(ACTIVATION_MEANINGS).transform(activationOf),
  dense,
  conv2d,
  maxPool,
  avgPool,
  batchNorm,
  dropout,
  maxout,
  dropConnect,
  leakyRelu,
  prelu,
  elu,
  words(IMAGE_MEANINGS).transform(imageLayerOf),
] as const;

type SimpleLayer = z.output<(typeof simple)[number]>;

export type Layer = SimpleLayer | { kind: 'residual'; layers: Layer[] };

const residual = z
  .strictObject({
    get residual(): z.ZodType<Layer[]> {
      return z.array(layerSchema).min(1).meta({
        description:
          'A block whose input is added to its output: y = x + f(x). Its layers must end in the shape they begin with.',
        expected: 'a list of layers, at least one',
      });
    },
  })
  .transform(({ residual }): Layer => ({ kind: 'residual', layers: residual }));

export const layerSchema: z.ZodType<Layer> = z
  .union([...simple, residual])
  .meta({ noun: 'layer', expected: 'a name such as relu, or a map such as dense: 100' });
