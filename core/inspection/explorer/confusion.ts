import type { ClassPredictions } from './protocol.ts';

/** How right a classifier is, class by class. NaN where a share is one of nothing. */
export interface ClassRates {
  /** Examples of each class, those that the network gives NaN for included. */
  totals: Uint32Array;
  /** Of the examples of the class, the share that was predicted to be. */
  recall: Float64Array;
  /** Of the examples predicted to be of the class, the share that is. */
  precision: Float64Array;
}

export function classRates(
  { labels, confusion }: Pick<ClassPredictions, 'labels' | 'confusion'>,
  classes: number,
): ClassRates {
  const totals = new Uint32Array(classes);
  for (const label of labels) totals[label]!++;
  const recall = new Float64Array(classes);
  const precision = new Float64Array(classes);
  for (let k = 0; k < classes; k++) {
    const right = confusion[k * classes + k];
    let said = 0;
    for (let row = 0; row < classes; row++) said += confusion[row * classes + k];
    recall[k] = right / totals[k];
    precision[k] = right / said;
  }
  return { totals, recall, precision };
}
