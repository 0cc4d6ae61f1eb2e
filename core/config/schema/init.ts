import * as z from 'zod';
import { positive, words } from './fields.ts';

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
