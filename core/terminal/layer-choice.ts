import type { PlanSummary } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';

/** By this name goes what enters the first layer. */
export const INPUT = 'input';

/**
 * The index of the layer with this label ("dense 1"), or at this path ("model.layers.0"); -1 is the input.
 * Throws UserError where there is none.
 */
export function layerNamed({ layers }: PlanSummary, name: string): number {
  if (name === INPUT) return -1;
  const index = layers.findIndex(({ label, path }) => label === name || path.join('.') === name);
  if (index >= 0) return index;
  const labels = [INPUT, ...layers.map(({ label }) => label)].join(', ');
  throw new UserError(`--layer ${name}: there is no such layer. This network has ${labels}.`);
}
