import type { PlanSummary } from '../../events/run-event.ts';

/** More lines than these are no picture. */
export const MOST_LINES = 400;

export const numberOfValues = (shape: readonly number[]): number =>
  shape.reduce((product, extent) => product * extent, 1);

/** Whether a network may be small enough to be shown value by value; for certain its explorer knows. */
export function mayBeSmall({ layers }: Pick<PlanSummary, 'layers'>): boolean {
  const weights = layers.flatMap(({ parameters }) =>
    parameters.map(({ shape }) => numberOfValues(shape)),
  );
  const units = layers.map(({ outputShape: [count, ...places] }) =>
    places.length > 0 ? Number.POSITIVE_INFINITY : (count ?? 0),
  );
  return [...weights, ...units].every((count) => count <= MOST_LINES);
}
