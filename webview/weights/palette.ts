import type { ValueRange } from '../../core/inspection/filters/range.ts';
import { type Color, mix } from '../color.ts';
import type { Theme } from '../theme.ts';

const LEVELS = 256;

/**
 * The colors of weights, from the lowest to the highest value, and behind them the one of what is not finite;
 * a word of four bytes each, as images have them.
 */
export type Palette = Uint32Array<ArrayBuffer>;

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

/** The color of each weight; of three weights each where they are red, green and blue. */
export function colorsOf(
  values: Float32Array,
  channels: 1 | 3,
  range: ValueRange,
  palette: Palette,
): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(values.length / channels);
  if (channels === 1) {
    for (let i = 0; i < words.length; i++) words[i] = palette[levelOf(values[i]!, range)]!;
    return words;
  }
  const bytes = new Uint8Array(words.buffer);
  for (let i = 0; i < words.length; i++) {
    let broken = false;
    for (let c = 0; c < 3; c++) {
      const level = levelOf(values[3 * i + c]!, range);
      if (level === LEVELS) broken = true;
      bytes[4 * i + c] = level;
    }
    bytes[4 * i + 3] = 255;
    if (broken) words[i] = palette[LEVELS]!;
  }
  return words;
}

/** Which of the palette's colors a value has: the middle one where the range is a point. */
function levelOf(value: number, { low, high }: ValueRange): number {
  // What is not finite minus itself is NaN.
  if (value - value !== 0) return LEVELS;
  if (high <= low) return LEVELS / 2;
  return Math.round(((value - low) / (high - low)) * (LEVELS - 1));
}
