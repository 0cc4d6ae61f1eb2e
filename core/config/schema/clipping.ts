import * as z from 'zod';
import { positive } from './fields.ts';

/** One of the two. */
export const gradientClipSchema = z
  .strictObject({
    value: positive()
      .optional()
      .meta({
        description: 'Largest size of each value of the gradients.',
        fallback: 'no limit',
        examples: [1],
      }),
    norm: positive()
      .optional()
      .meta({
        description:
          'Largest norm of all gradients together; longer ones keep their direction. Choose it from the norms of a few healthy epochs.',
        fallback: 'no limit',
        examples: [5],
      }),
  })
  .refine(({ value, norm }) => (value === undefined) !== (norm === undefined), {
    message: 'gradientClip needs either norm or value, for example { norm: 5 }.',
  })
  .optional()
  .meta({
    description:
      'Shortens gradients before they are followed, against explosions. Penalties on weights are not clipped.',
    fallback: 'no clipping',
    expected: 'a map such as { norm: 5 }',
  });
