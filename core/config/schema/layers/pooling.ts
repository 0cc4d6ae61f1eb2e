import * as z from 'zod';
import { count } from '../fields.ts';

/** Layers of images that are written as their name alone. */
export const IMAGE_MEANINGS = {
  globalAvgPool: 'The mean of each channel over the whole image.',
  flatten: 'The values of an image as one row. A dense layer does it by itself.',
};

/** The layer that a name alone stands for. */
export function imageLayerOf(
  kind: keyof typeof IMAGE_MEANINGS,
): { kind: 'globalAvgPool' } | { kind: 'flatten' } {
  return { kind };
}

/** Places in a window are kept in 16 bits. */
const LARGEST_WINDOW = 255;

const options = z.strictObject({
  size: count()
    .max(LARGEST_WINDOW)
    .meta({
      description: 'Height and width of a window.',
      unit: 'pixels',
      examples: [2],
    }),
  stride: count()
    .optional()
    .meta({
      description: 'How far the window moves at a time.',
      unit: 'pixels',
      fallback: 'size: windows do not overlap',
      examples: [2],
    }),
});

const sized = z.union([count().max(LARGEST_WINDOW), options]);

function sizeAndStride(given: z.output<typeof sized>) {
  const { size, stride } = typeof given === 'number' ? options.parse({ size: given }) : given;
  return { size, stride: stride ?? size };
}

const expected = `a whole number of pixels, from 1 to ${LARGEST_WINDOW}, or a map such as { size: 3, stride: 2 }`;

export const maxPool = z
  .strictObject({
    maxPool: sized.meta({
      description:
        'The largest value of each channel in each window. Rows and columns that fill no whole window are left out.',
      expected,
      examples: [2],
    }),
  })
  .transform(({ maxPool }) => ({ kind: 'maxPool' as const, ...sizeAndStride(maxPool) }));

export const avgPool = z
  .strictObject({
    avgPool: sized.meta({
      description:
        'The mean of each channel in each window. Rows and columns that fill no whole window are left out.',
      expected,
      examples: [2],
    }),
  })
  .transform(({ avgPool }) => ({ kind: 'avgPool' as const, ...sizeAndStride(avgPool) }));
