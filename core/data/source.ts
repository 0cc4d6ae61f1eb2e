import type { ExampleStore } from './dataset.ts';

/** What a loader or a generator delivers, before splitting. */
export interface Source {
  store: ExampleStore;
  /** Shape of one example: [features] or [height, width, channels]. */
  shape: number[];
  /** Class names in label order; null for regression. */
  classes: string[] | null;
  /** Names of the features, where the format has them. */
  columns: string[] | null;
  /** The line of each example in its file, from 1, where the format has lines. */
  lines?: Uint32Array;
}

export function featureCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
