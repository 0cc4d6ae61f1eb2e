import type { Config } from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import type { Affine, Examples, Rotation } from './dataset.ts';
import { type FeatureStatistics, featureStatistics } from './statistics.ts';

type Preprocessing = Config['data']['preprocess'][number];

/** Steps that need pixels to work on. */
const OF_IMAGES: readonly Preprocessing[] = ['meanImage', 'perChannel'];

/**
 * Composes the steps, in their order, into x' = (x − offset) · scale per feature:
 * - `center` subtracts the mean, and so does `meanImage`, of images;
 * - `perChannel` subtracts the mean over all pixels of a channel;
 * - `standardize` subtracts the mean and divides by the standard deviation;
 * - `scale` divides by the range, and maps to 0..1 if nothing has centered the feature before (after
 *   `center` its mean stays 0). The range of bytes is 0..255 whatever values occur; that of an image
 *   is taken over all pixels, whose relations must stay; that of a column is its own.
 *
 * A constant feature has no spread to divide by: it keeps its unit. `pca` and `whiten` are no affine
 * maps of single features: they are left to the caller. Throws UserError at a step that needs images.
 */
export function composePreprocessing(
  steps: readonly Preprocessing[],
  statistics: FeatureStatistics,
  shape: readonly number[],
  isBytes: boolean,
): Affine | null {
  refuseWithoutImages(steps, shape);
  if (steps.every(isRotation)) return null;
  const features = statistics.mean.length;
  const from = new Float64Array(features);
  const unit = new Float64Array(features).fill(1);
  let centered = false;
  for (const step of steps) {
    switch (step) {
      case 'scale': {
        const { min, max } = ranges(statistics, shape, isBytes);
        if (!centered) from.set(min);
        for (let j = 0; j < features; j++) unit[j] = max[j]! - min[j]!;
        break;
      }
      case 'perChannel':
        subtractChannelMeans(statistics.mean, from, unit, shape[2]!);
        centered = true;
        break;
      case 'center':
      case 'meanImage':
      case 'standardize':
        from.set(statistics.mean);
        centered = true;
        if (step === 'standardize') unit.set(statistics.std);
        break;
    }
  }
  return {
    // NaN: no value of this feature is known, so there is nothing to shift it by.
    offset: Float32Array.from(from, (x) => (Number.isNaN(x) ? 0 : x)),
    scale: Float32Array.from(unit, (x) => 1 / spread(x)),
  };
}

function isRotation(step: Preprocessing): step is Rotation {
  return step === 'pca' || step === 'whiten';
}

/** Whitening turns onto the principal axes by itself, so only the last step counts. */
export function rotationOf(steps: readonly Preprocessing[]): Rotation | null {
  const last = steps.at(-1);
  return last !== undefined && isRotation(last) ? last : null;
}

/** Maps every target to mean 0 and standard deviation 1; a constant one keeps its unit. */
export function standardizeTargets({ store, indices }: Examples, outputs: number): Affine {
  const targets = { ...store, inputs: store.targets! };
  const { mean, std } = featureStatistics({ store: targets, indices }, outputs);
  return {
    offset: Float32Array.from(mean, (x) => (Number.isNaN(x) ? 0 : x)),
    scale: Float32Array.from(std, (x) => 1 / spread(x)),
  };
}

function refuseWithoutImages(steps: readonly Preprocessing[], shape: readonly number[]): void {
  const index = steps.findIndex((step) => OF_IMAGES.includes(step));
  if (index < 0 || shape.length === 3) return;
  throw new UserError(
    `${steps[index]} is for images, but an example here is a plain list of ${shape[0]!.toLocaleString('en-US')} features. Add \`image: { height, width, channels }\` if these are pixels, or use center.`,
    { path: ['data', 'preprocess', index] },
  );
}

/** Moves `from` so that the mean over all pixels of a channel, in the units reached, becomes 0. */
function subtractChannelMeans(
  mean: Float64Array,
  from: Float64Array,
  unit: Float64Array,
  channels: number,
): void {
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    let known = 0;
    for (let j = channel; j < mean.length; j += channels) {
      if (Number.isNaN(mean[j]!)) continue;
      sum += (mean[j]! - from[j]!) / spread(unit[j]!);
      known++;
    }
    for (let j = channel; known > 0 && j < mean.length; j += channels) {
      from[j]! += (sum / known) * spread(unit[j]!);
    }
  }
}

/** A constant feature has none: it keeps its unit. */
function spread(unit: number): number {
  return unit > 0 ? unit : 1;
}

function ranges(
  { min, max }: FeatureStatistics,
  shape: readonly number[],
  isBytes: boolean,
): { min: Float64Array; max: Float64Array } {
  if (!isBytes && shape.length !== 3) return { min, max };
  const { low, high } = isBytes ? { low: 0, high: 255 } : wholeRange({ min, max });
  return { min: min.map(() => low), max: max.map(() => high) };
}

/** The smallest and the largest value of all features. */
export function wholeRange({ min, max }: Pick<FeatureStatistics, 'min' | 'max'>): {
  low: number;
  high: number;
} {
  let low = Infinity;
  let high = -Infinity;
  for (let j = 0; j < min.length; j++) {
    // Comparisons with NaN are false, so that unknown features do not count.
    if (min[j]! < low) low = min[j]!;
    if (max[j]! > high) high = max[j]!;
  }
  return { low, high };
}
