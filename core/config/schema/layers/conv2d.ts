import * as z from 'zod';
import { count, words } from '../fields.ts';
import { weightOptions } from './dense.ts';

const KERNEL = 3;

const PADDING_MEANINGS = {
  same: 'Zeros around the image, so that with stride 1 the output is as large as the input; with stride s it is ⌈size / s⌉.',
  valid: 'No padding: the kernel stays within the image, and the output is smaller.',
};

const options = z.strictObject({
  channels: count().meta({
    description: 'Number of filters: the channels of the output.',
    unit: 'channels',
    examples: [32],
  }),
  kernel: z
    .union([count(), z.array(count()).length(2)])
    .default(KERNEL)
    .meta({
      description: 'Height and width of each filter.',
      unit: 'pixels',
      expected: 'a whole number of at least 1, or two: [height, width]',
      examples: [3, 5],
    }),
  stride: count()
    .default(1)
    .meta({
      description: 'How far the kernel moves at a time, down and to the right.',
      unit: 'pixels',
      examples: [1, 2],
    }),
  padding: z
    .union([words(PADDING_MEANINGS), z.number().int().min(0).max(1e6)])
    .default('same')
    .meta({
      description: 'Zeros around the image: a number is that many pixels on each side.',
      expected: 'same, valid or a number of pixels',
    }),
  ...weightOptions,
});

export const conv2d = z
  .strictObject({
    conv2d: z.union([count(), options]).meta({
      description:
        'Convolution of an image with learned filters. A number alone is the channels, with a 3 × 3 kernel, stride 1 and padding same.',
      expected: 'a whole number of channels, or a map such as { channels: 32, kernel: 3 }',
      examples: [32],
    }),
  })
  .transform(({ conv2d }) => {
    const given = typeof conv2d === 'number' ? options.parse({ channels: conv2d }) : conv2d;
    const { kernel } = given;
    const [kernelHeight, kernelWidth] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
    return {
      kind: 'conv2d' as const,
      channels: given.channels,
      kernelHeight,
      kernelWidth,
      stride: given.stride,
      padding: given.padding,
      bias: given.bias,
      init: given.init ?? null,
      regularization: given.regularization ?? null,
    };
  });
