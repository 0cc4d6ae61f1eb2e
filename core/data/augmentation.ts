import type { Augmentation } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';

/** Throws UserError at a transformation that examples of this shape cannot have. */
export function refuseAugmentation(augment: readonly Augmentation[], shape: readonly number[]) {
  const refuse = (index: number, key: string | null, message: string): UserError =>
    new UserError(message, {
      path: ['data', 'augment', index, ...(key === null ? [] : [key])],
    });
  for (const [index, change] of augment.entries()) {
    const { kind } = change;
    if (shape.length !== 3) {
      throw refuse(
        index,
        null,
        `${kind} is for images, but an example here is a plain list of ${shape[0]!.toLocaleString('en-US')} features. Add \`image: { height, width, channels }\` if these are pixels.`,
      );
    }
    const [height, width, channels] = shape as [number, number, number];
    const side = Math.min(height, width);
    if (kind === 'crop' && change.pixels >= side) {
      throw refuse(
        index,
        kind,
        `A crop of ${change.pixels} pixels could leave nothing of an image of ${height}×${width}; at most ${side - 1} is possible, and a tenth of the side is usual.`,
      );
    }
    if (kind === 'cutout' && change.side > side) {
      throw refuse(
        index,
        kind,
        `A cutout of ${change.side} pixels is larger than an image of ${height}×${width}.`,
      );
    }
    if (kind === 'colorJitter' && change.saturation > 0 && channels !== 3) {
      throw refuse(
        index,
        kind,
        `saturation is for color images of 3 channels; these have ${channels}. Remove it.`,
      );
    }
  }
}
