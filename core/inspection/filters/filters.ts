import type { FilterLayout } from './layout.ts';

/** Images one after another, each [height × width × channels], 1 channel (grey) or 3 (red, green, blue). */
export interface Filters {
  height: number;
  width: number;
  channels: 1 | 3;
  count: number;
  /** How many images a unit has: one, or one for each channel where these are no colors. */
  perUnit: number;
  values: Float32Array;
}

/**
 * Each unit's weights, taken together: weights [height × width × channels × units] become images
 * [units × height × width × channels], or [units · channels × height × width] where the channels are neither
 * grey nor colors.
 */
export function filtersOf(weights: Float32Array, layout: FilterLayout): Filters {
  const { height, width, units } = layout;
  const channels = layout.channels === 3 ? 3 : 1;
  const perUnit = layout.channels / channels;
  const pixels = height * width;
  const values = new Float32Array(weights.length);
  let to = 0;
  for (let unit = 0; unit < units; unit++)
    for (let first = 0; first < layout.channels; first += channels)
      for (let pixel = 0; pixel < pixels; pixel++)
        for (let channel = first; channel < first + channels; channel++)
          values[to++] = weights[(pixel * layout.channels + channel) * units + unit]!;
  return { height, width, channels, count: units * perUnit, perUnit, values };
}

/** The values of one image. */
export function filterAt(
  { height, width, channels, values }: Filters,
  index: number,
): Float32Array {
  const size = height * width * channels;
  return values.subarray(index * size, (index + 1) * size);
}
