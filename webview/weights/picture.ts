import { rangeOf } from '../../core/inspection/filters/colors.ts';
import { type Filters, filterAt } from '../../core/inspection/filters/filters.ts';
import type { ValueRange } from '../../core/inspection/filters/range.ts';
import { cornerOf, type Grid } from './grid.ts';
import { colorsOf, type Palette } from './palette.ts';

/** What is brightest: the most of each image, so that small weights are seen too, or of all images. */
export type RangeOf = 'each' | 'all';

/** The range of every image. */
export function rangesOf(filters: Filters, of: RangeOf): (index: number) => ValueRange {
  if (of === 'each') return (index) => rangeOf(filters, filterAt(filters, index));
  const all = rangeOf(filters, filters.values);
  return () => all;
}

/** What is drawn: images in an order, and how. */
export interface Shown {
  filters: Filters;
  order: Uint32Array;
  ranges(index: number): ValueRange;
  palette: Palette;
}

/** The color of each pixel of an image. */
export function pixelsOf({ filters, ranges, palette }: Shown, index: number) {
  return colorsOf(filterAt(filters, index), filters.channels, ranges(index), palette);
}

/**
 * Draws the images in their grid into `pixels`, an image `stride` wide. Pixel by pixel: to scale images one
 * by one on a canvas takes several times as long.
 */
export function paintImages(pixels: Uint32Array, stride: number, shown: Shown, grid: Grid): void {
  const { filters, order } = shown;
  const [wide, high] = [Math.floor(grid.width), Math.floor(grid.height)];
  const columns = Int32Array.from({ length: wide }, (_, x) =>
    Math.floor((x * filters.width) / wide),
  );
  for (const [place, index] of order.entries()) {
    const colors = pixelsOf(shown, index);
    const [left, top] = cornerOf(grid, place).map(Math.floor) as [number, number];
    let drawn = -1;
    for (let y = 0; y < high; y++) {
      const row = Math.floor((y * filters.height) / high);
      const to = (top + y) * stride + left;
      if (row === drawn) pixels.copyWithin(to, to - stride, to - stride + wide);
      else
        for (let x = 0; x < wide; x++) pixels[to + x] = colors[row * filters.width + columns[x]!]!;
      drawn = row;
    }
  }
}
