import { fullRange } from '../../core/inspection/filters/range.ts';
import { brief, count } from '../format.ts';

/** From the lowest to the highest, and how many are no numbers. */
export function rangeText(values: Float32Array): string {
  const broken = values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
  if (broken === values.length) return 'NaN or ∞';
  const { low, high } = fullRange(values);
  const range = `${brief(low)} … ${brief(high)}`;
  return broken === 0 ? range : `${range}, ${count(broken)} NaN or ∞`;
}
