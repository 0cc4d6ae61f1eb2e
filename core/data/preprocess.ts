import type { Config } from '../config/index.ts';
import type { Affine } from './dataset.ts';
import type { FeatureStatistics } from './statistics.ts';

type Preprocessing = Config['data']['preprocess'][number];

/**
 * Composes the steps, in their order, into x' = (x − offset) · scale per feature:
 * - `center` subtracts the mean;
 * - `standardize` subtracts the mean and divides by the standard deviation;
 * - `scale` divides by the range, and maps to 0..1 if nothing has centered the feature before (after
 *   `center` its mean stays 0). The range of bytes is 0..255 whatever values occur; that of an image
 *   is taken over all pixels, whose relations must stay; that of a column is its own.
 *
 * A constant feature has no spread to divide by: it keeps its unit.
 */
export function composePreprocessing(
  steps: readonly Preprocessing[],
  statistics: FeatureStatistics,
  kind: 'bytes' | 'image' | 'columns',
): Affine | null {
  if (steps.length === 0) return null;
  const features = statistics.mean.length;
  const offset = new Float32Array(features);
  const scale = new Float32Array(features);
  const whole = kind === 'bytes' ? { min: 0, max: 255 } : range(statistics);
  for (let j = 0; j < features; j++) {
    const mean = statistics.mean[j]!;
    const std = statistics.std[j]!;
    const min = kind === 'columns' ? statistics.min[j]! : whole.min;
    const max = kind === 'columns' ? statistics.max[j]! : whole.max;
    let from = 0;
    let unit = 1;
    let centered = false;
    for (const step of steps) {
      if (step === 'scale') {
        if (!centered) from = min;
        unit = max - min;
      } else {
        from = mean;
        centered = true;
        if (step === 'standardize') unit = std;
      }
    }
    // NaN: no value of this feature is known, so there is nothing to shift it by.
    offset[j] = Number.isNaN(from) ? 0 : from;
    scale[j] = unit > 0 ? 1 / unit : 1;
  }
  return { offset, scale };
}

function range({ min, max }: FeatureStatistics): { min: number; max: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let j = 0; j < min.length; j++) {
    // Comparisons with NaN are false, so that unknown features do not count.
    if (min[j]! < low) low = min[j]!;
    if (max[j]! > high) high = max[j]!;
  }
  return { min: low, max: high };
}
