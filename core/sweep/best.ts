import type { BestTrial, SeedStatistics, TrialEvent } from '../events/sweep-event.ts';
import { compareTrials, scoreOf } from './score.ts';
import { statisticsOf } from './seeds.ts';
import type { SweepState } from './state.ts';

/** A trial, and what came of its values on other seeds. */
export interface Candidate {
  trial: TrialEvent;
  /** Null where it was trained on one seed only. */
  seeds: SeedStatistics | null;
}

/**
 * The trials of the last stage that has results, the best first: they were trained longest. Those on several seeds
 * come first, by the mean.
 */
export function ranking(state: SweepState): Candidate[] {
  const all = allRanked(state);
  const last = Math.max(...all.map(({ trial }) => trial.stage));
  return all.filter(({ trial }) => trial.stage === last);
}

/** The same of the trials of all stages. */
export function allRanked(state: SweepState): Candidate[] {
  const ended = [...state.trials.values()].flatMap(({ ended }) => (ended ? [ended] : []));
  const known = ended.filter((trial) => !Number.isNaN(scoreOf(trial)));
  const repetitions = known.filter(({ repeats }) => repeats !== undefined);
  return known
    .filter(({ repeats }) => repeats === undefined)
    .map((trial): Candidate => {
      const again = repetitions.filter(({ repeats }) => repeats === trial.number);
      const scores = [trial, ...again].map(scoreOf);
      return { trial, seeds: again.length > 0 ? statisticsOf(scores) : null };
    })
    .sort(
      (a, b) =>
        Number(b.seeds !== null) - Number(a.seeds !== null) ||
        (b.seeds?.mean ?? 0) - (a.seeds?.mean ?? 0) ||
        compareTrials(a.trial, b.trial),
    );
}

export function bestOf(state: SweepState): BestTrial | null {
  const [best] = ranking(state);
  if (!best) return null;
  const { number, stage, parameters, epochs, validation, train, run } = best.trial;
  return {
    number,
    stage,
    parameters,
    epochs,
    validation,
    train,
    run,
    ...(best.seeds && { seeds: best.seeds }),
  };
}
