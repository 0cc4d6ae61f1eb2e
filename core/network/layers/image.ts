import { ShapeError, sizeOf } from './layer.ts';

/** Extents of an image: NHWC, here without N. */
export interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/** What comes in as an image; throws ShapeError where it is none. */
export function imageOf(kind: string, inputShape: readonly number[]): ImageShape {
  if (inputShape.length !== 3) {
    throw new ShapeError(
      `${kind} takes an image, height × width × channels, but ${inputShape.join('×')} value${sizeOf(inputShape) === 1 ? ' comes' : 's come'} in for each example. Put it before any dense or flatten layer; if the data are images, say so under data: \`image: { height, width, channels }\`.`,
      'missing-flatten-or-shape',
    );
  }
  const [height, width, channels] = inputShape;
  return { height, width, channels };
}

/** How many windows of `size` fit, `stride` apart, from the first to the last of `extent` pixels. */
export function windowsIn(extent: number, size: number, stride: number): number {
  return Math.floor((extent - size) / stride) + 1;
}
