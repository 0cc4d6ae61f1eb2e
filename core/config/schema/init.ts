import * as z from 'zod';
import { positive, words } from './fields.ts';

const INIT_MEANINGS = {
  zeros: 'All weights 0: every unit of a layer stays equal. For demonstration.',
  xavier: 'Normal with standard deviation 1/√fanIn: for tanh and sigmoid.',
  glorot:
    'Normal with standard deviation √(2/(fanIn + fanOut)): also keeps the scale of gradients.',
  glorotUniform: 'Uniform within ±√(6/(fanIn + fanOut)): the scale of glorot.',
  lecun: 'Normal with standard deviation 1/√fanIn: for selu, which keeps its scale with it.',
  he: 'Normal with standard deviation √(2/fanIn): for ReLU and its relatives.',
  heUniform: 'Uniform within ±√(6/fanIn): the scale of he.',
  orthogonal:
    'A random orthogonal matrix: units, or inputs where these are fewer, at right angles and of length 1.',
};

export const initSchema = z
  .union([
    words(INIT_MEANINGS),
    z.strictObject({
      constant: z.number().meta({
        description: 'Every weight this value: every unit of a layer stays equal.',
        examples: [0.1],
      }),
    }),
    z.strictObject({
      normal: positive().meta({
        description: 'Normal with this standard deviation, whatever the layer.',
        examples: [0.01],
      }),
    }),
    z.strictObject({
      uniform: positive().meta({
        description: 'Uniform between minus this limit and the limit, whatever the layer.',
        examples: [0.05],
      }),
    }),
  ])
  .meta({ expected: 'he, xavier, orthogonal or another name, or a map such as { normal: 0.01 }' });
