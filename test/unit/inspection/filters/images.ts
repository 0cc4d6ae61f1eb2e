import { RandomStream } from '../../../../core/data/random.ts';
import type { Filters } from '../../../../core/inspection/filters/filters.ts';

/** Images whose value at each pixel is `f`. */
export function images(
  count: number,
  [height, width, channels]: readonly [number, number, 1 | 3],
  f: (image: number, y: number, x: number, channel: number) => number,
): Filters {
  const values: number[] = [];
  for (let image = 0; image < count; image++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let channel = 0; channel < channels; channel++) values.push(f(image, y, x, channel));
  return { height, width, channels, count, perUnit: 1, values: Float32Array.from(values) };
}

/** Independent normal values, the same for the same seed. */
export function noise(seed: number): () => number {
  const stream = new RandomStream(seed, 'noise');
  return () => stream.normal();
}
