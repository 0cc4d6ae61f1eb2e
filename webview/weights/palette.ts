import { LEVELS, type Palette } from '../../core/inspection/filters/colors.ts';
import { type Color, mix } from '../color.ts';
import type { Theme } from '../theme.ts';

export { colorsOf, type Palette } from '../../core/inspection/filters/colors.ts';

/** Two hues for the two signs, and the background at 0: which weights are large, and how they are signed. */
export function signPalette({ train, validation, background, error }: Theme): Palette {
  return paletteThrough(validation, background, train, error);
}

/** Black, grey at 0, white: shapes are seen best in brightness, and an image stands out from the background. */
export function greyPalette({ error }: Theme): Palette {
  return paletteThrough([0, 0, 0], [128, 128, 128], [255, 255, 255], error);
}

function paletteThrough(lowest: Color, middle: Color, highest: Color, broken: Color): Palette {
  const bytes = new Uint8ClampedArray((LEVELS + 1) * 4);
  for (let level = 0; level < LEVELS; level++) {
    const at = (2 * level) / (LEVELS - 1) - 1;
    bytes.set([...mix(middle, at < 0 ? lowest : highest, Math.abs(at)), 255], level * 4);
  }
  bytes.set([...broken, 255], LEVELS * 4);
  return new Uint32Array(bytes.buffer);
}

/** The levels alone, as an image one pixel high. */
export function scaleImage(palette: Palette): ImageData {
  return imageOf(palette.slice(0, LEVELS), LEVELS);
}

/** An image of these words. */
export function imageOf(words: Uint32Array<ArrayBuffer>, width: number): ImageData {
  return new ImageData(new Uint8ClampedArray(words.buffer), width);
}
