import type { Dataset, Examples } from '../../data/dataset.ts';

/** Of more features some are compared, spread over all: neighbouring pixels say nearly the same. */
export function spreadColumns(all: number, most: number): Uint32Array {
  const count = Math.min(all, most);
  return Uint32Array.from({ length: count }, (_, i) => Math.floor((i * all) / count));
}

/**
 * [rows × columns], to be compared: columns count by their spread, pixels as they are; what is missing is in
 * the middle.
 */
export function comparableRows(
  { shape, rotation, statistics: { mean, std } }: Dataset,
  { store: { inputs } }: Examples,
  rows: Uint32Array,
  columns: Uint32Array,
): Float32Array {
  // Statistics are those of the columns; pixels, and principal components, are all of one unit.
  const asTheyAre = shape.length === 3 || rotation !== null;
  const values = new Float32Array(rows.length * columns.length);
  let i = 0;
  for (const row of rows) {
    for (const j of columns) {
      const input = inputs[row * mean.length + j]!;
      const value = asTheyAre || !(std[j]! > 0) ? input : (input - mean[j]!) / std[j]!;
      values[i++] = Number.isFinite(value) ? value : 0;
    }
  }
  return values;
}
