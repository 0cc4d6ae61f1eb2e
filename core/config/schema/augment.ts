import * as z from 'zod';
import { count, positive, words } from './fields.ts';

const crop = z
  .strictObject({
    crop: count().meta({
      description:
        'Pads the image with black by so many pixels on each side and cuts it out again at a random place.',
      unit: 'pixels',
      examples: [2, 4],
    }),
  })
  .transform(({ crop }) => ({ kind: 'crop' as const, pixels: crop }));

const flip = z
  .strictObject({
    flip: words({
      horizontal: 'Left and right are exchanged, in half of the images.',
      vertical: 'Top and bottom are exchanged, in half of the images.',
    }).meta({ description: 'Mirrors half of the images.', examples: ['horizontal'] }),
  })
  .transform(({ flip }) => ({ kind: 'flip' as const, direction: flip }));

const rotate = z
  .strictObject({
    rotate: positive()
      .max(180)
      .meta({
        description:
          'Turns the image about its center by a random angle up to this one, either way; what comes in from outside is black.',
        unit: 'degrees',
        examples: [10],
      }),
  })
  .transform(({ rotate }) => ({ kind: 'rotate' as const, degrees: rotate }));

const strength = (description: string) =>
  z
    .number()
    .min(0)
    .lte(1)
    .default(0)
    .meta({ description, examples: [0.2] });

const colorJitter = z
  .strictObject({
    colorJitter: z
      .strictObject({
        brightness: strength('Multiplies the image by a random number within 1 ± this.'),
        contrast: strength(
          'Multiplies distances from the mean gray of the image by a random number within 1 ± this.',
        ),
        saturation: strength(
          'Color images: multiplies distances from the gray of each pixel by a random number within 1 ± this.',
        ),
      })
      .refine(({ brightness, contrast, saturation }) => brightness + contrast + saturation > 0, {
        // A fault of a key or a value is told alone.
        when: ({ issues }) => issues.length === 0,
        message:
          'colorJitter changes nothing yet: give it brightness, contrast or saturation, for example { brightness: 0.2 }.',
      })
      .meta({
        description: 'Changes brightness, contrast and saturation, in this order, at random.',
        expected: 'a map such as { brightness: 0.2, contrast: 0.2 }',
      }),
  })
  .transform(({ colorJitter }) => ({ kind: 'colorJitter' as const, ...colorJitter }));

const noise = z
  .strictObject({
    noise: positive()
      .max(1)
      .meta({
        description:
          'Adds Gaussian noise with this standard deviation, as a fraction of the range of values (255 for pixels that are bytes).',
        examples: [0.05],
      }),
  })
  .transform(({ noise }) => ({ kind: 'noise' as const, std: noise }));

const cutout = z
  .strictObject({
    cutout: count().meta({
      description:
        'Blackens a square of this side around a random pixel; at an edge, what of it lies within.',
      unit: 'pixels',
      examples: [4, 8],
    }),
  })
  .transform(({ cutout }) => ({ kind: 'cutout' as const, side: cutout }));

export const augmentSchema = z
  .array(
    z.union([crop, flip, rotate, colorJitter, noise, cutout]).meta({
      noun: 'transformation',
      expected: 'a map with one key such as flip: horizontal',
    }),
  )
  .default([])
  .meta({
    description:
      'Images: random changes of the training examples, in this order, on the raw values before preprocessing; new ones at each step, the same for the same seed. Validation sees the examples as they are.',
    expected: 'a list such as [{ crop: 2 }, { flip: horizontal }]',
    fallback: 'none',
  });

export type Augmentation = z.output<typeof augmentSchema>[number];
