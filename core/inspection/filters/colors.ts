import type { Filters } from './filters.ts';
import { fullRange, symmetricRange, type ValueRange } from './range.ts';

/** Colors from the lowest to the highest value. */
export const LEVELS = 256;

/**
 * The colors of weights, from the lowest to the highest value, and behind them the one of what is not finite;
 * a word of four bytes each, as images have them.
 */
export type Palette = Uint32Array<ArrayBuffer>;

/** One weight has a sign, which 0 in the middle shows; colors are shown as cameras do. */
export function rangeOf({ channels }: Filters, values: Float32Array): ValueRange {
  return channels === 1 ? symmetricRange(values) : fullRange(values);
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
