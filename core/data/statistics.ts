import type { DataEvent } from '../events/run-event.ts';
import type { Examples } from './dataset.ts';

export type FeatureStatistics = Pick<DataEvent, 'mean' | 'std' | 'min' | 'max' | 'nonFinite'>;

/**
 * Mean, standard deviation (of the population: divided by n), minimum and maximum of each raw
 * feature over these examples, in float64. Missing and infinite values are left out and counted; a
 * feature that has no other value gets NaN.
 */
export function featureStatistics(
  { store, indices }: Examples,
  features: number,
): FeatureStatistics {
  const { inputs } = store;
  return inputs instanceof Uint8Array
    ? ofBytes(inputs, indices, features)
    : ofFloats(inputs, indices, features);
}

/** Sums of bytes and of their squares are whole numbers far below 2⁵³: exact, and faster. */
function ofBytes(inputs: Uint8Array, indices: Uint32Array, features: number): FeatureStatistics {
  const sum = new Float64Array(features);
  const squares = new Float64Array(features);
  const min = new Float64Array(features).fill(255);
  const max = new Float64Array(features);
  for (const index of indices) {
    const row = index * features;
    for (let j = 0; j < features; j++) {
      const x = inputs[row + j]!;
      sum[j]! += x;
      squares[j]! += x * x;
      if (x < min[j]!) min[j] = x;
      if (x > max[j]!) max[j] = x;
    }
  }
  const n = indices.length;
  const mean = sum.map((total) => total / n);
  const std = squares.map((total, j) =>
    min[j] === max[j] ? 0 : Math.sqrt(Math.max(0, total - (sum[j]! * sum[j]!) / n) / n),
  );
  return { mean, std, min, max, nonFinite: 0 };
}

/** Welford's method: one pass, and no cancellation where the mean is large beside the spread. */
function ofFloats(inputs: Float32Array, indices: Uint32Array, features: number): FeatureStatistics {
  const n = new Float64Array(features);
  const mean = new Float64Array(features);
  const squares = new Float64Array(features);
  const min = new Float64Array(features).fill(Infinity);
  const max = new Float64Array(features).fill(-Infinity);
  let nonFinite = 0;
  for (const index of indices) {
    const row = index * features;
    for (let j = 0; j < features; j++) {
      const x = inputs[row + j]!;
      if (!Number.isFinite(x)) {
        nonFinite++;
        continue;
      }
      const count = ++n[j]!;
      const delta = x - mean[j]!;
      mean[j]! += delta / count;
      squares[j]! += delta * (x - mean[j]!);
      if (x < min[j]!) min[j] = x;
      if (x > max[j]!) max[j] = x;
    }
  }
  for (let j = 0; j < features; j++) {
    if (n[j] === 0) mean[j] = min[j] = max[j] = Number.NaN;
  }
  return { mean, std: squares.map((s, j) => Math.sqrt(s / n[j]!)), min, max, nonFinite };
}

/** The first example of a part that has a missing or infinite value, and the feature; null: none has. */
export function firstNonFinite(
  { store: { inputs }, indices }: Examples,
  features: number,
): { example: number; feature: number } | null {
  if (inputs instanceof Uint8Array) return null;
  for (const example of indices.toSorted()) {
    const row = inputs.subarray(example * features, (example + 1) * features);
    const feature = row.findIndex((value) => !Number.isFinite(value));
    if (feature >= 0) return { example, feature };
  }
  return null;
}

/** Examples of each class, in the order of the classes. */
export function countClasses({ store, indices }: Examples, classes: number): Float64Array | null {
  if (!store.labels) return null;
  const counts = new Float64Array(classes);
  for (const index of indices) counts[store.labels[index]!]!++;
  return counts;
}

/** The least and the largest target of these examples. */
export function rangeOfTargets({ store: { targets, count }, indices }: Examples): [number, number] {
  const size = targets!.length / count;
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const index of indices) {
    for (const target of targets!.subarray(index * size, (index + 1) * size)) {
      if (target < least) least = target;
      if (target > largest) largest = target;
    }
  }
  return [least, largest];
}
