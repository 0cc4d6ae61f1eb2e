import type { EpochEvent, FinishedEvent, RunEvent } from '../../../../core/events/run-event.ts';

/** How well a run did, epoch by epoch: accuracy, or R², of examples that are as they should be. */
export interface Outcome {
  scores: number[];
  /** At the end; what guessing gets where the network's numbers are lost. */
  final: number;
}

/** R² below 0 is no worse than 0: nothing was learned. */
export function outcomeOf(
  events: readonly RunEvent[],
  finished: FinishedEvent,
  classes: number,
): Outcome {
  const guessing = classes === 0 ? 0 : 1 / classes;
  const scores = events
    .filter((event): event is EpochEvent => event.type === 'epoch')
    .map(({ validation }) => validation?.accuracy ?? Math.max(0, validation?.r2 ?? 0))
    .map((score) => (Number.isFinite(score) ? Number(score.toFixed(4)) : guessing));
  const final = finished.reason === 'completed' ? (scores.at(-1) ?? guessing) : guessing;
  return { scores, final };
}

/** Completed epochs when a score of `target` was first reached; ∞: never. */
export function timeTo(target: number, { scores, final }: Outcome): number {
  const epoch = scores.findIndex((score) => score >= target);
  return epoch < 0 || final < target / 2 ? Number.POSITIVE_INFINITY : epoch + 1;
}
