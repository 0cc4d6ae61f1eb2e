import type { Examples } from '../data/dataset.ts';

/** What the loss kernels add up over the examples of some passes. */
export interface Totals {
  right: number;
  squares: number;
  examples: number;
}

export interface Quality {
  accuracy: number | null;
  rmse: number | null;
  r2: number | null;
}

/**
 * Accuracy for classes. For regression RMSE = √(Σ(y−t)² / values) and R² = 1 − Σ(y−t)² / Σ(t−t̄)²,
 * where `variation` is that last sum over the set; in the target's own unit.
 */
export function quality(totals: Totals, outputs: number, variation: number | null): Quality {
  if (variation === null) {
    return { accuracy: totals.right / totals.examples, rmse: null, r2: null };
  }
  return {
    accuracy: null,
    rmse: Math.sqrt(totals.squares / (totals.examples * outputs)),
    r2: 1 - totals.squares / variation,
  };
}

/** Σ(t − t̄)² over a part's targets, each target value about its own mean; null for classes. */
export function targetVariation({ store, indices }: Examples, outputs: number): number | null {
  const { targets } = store;
  if (!targets) return null;
  let variation = 0;
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (const row of indices) sum += targets[row * outputs + k];
    const mean = sum / indices.length;
    for (const row of indices) variation += (targets[row * outputs + k] - mean) ** 2;
  }
  return variation;
}
