import type { Config, SweepConfig } from '../config/index.ts';
import type { Json } from '../events/finding.ts';
import type { ParameterValues } from '../events/sweep-event.ts';
import { compareTrials, type Judged, scoreOf } from './score.ts';
import { type Dimension, isSame, unitOf, valueAt } from './space.ts';

export interface Stage {
  trials: number;
  epochs: number;
}

/** The stages of a sweep, with what holds where the config says nothing. */
export function stagesOf({ training }: Config, { stages }: SweepConfig): Stage[] {
  const { epochs } = training;
  if (stages)
    return stages.map((stage) => ({ trials: stage.trials, epochs: stage.epochs ?? epochs }));
  return [
    { trials: 30, epochs: Math.max(1, Math.round(epochs / 4)) },
    { trials: 10, epochs },
  ];
}

/** The least share of a range that is left on either side of the best. */
const LEAST_MARGIN = 0.05;

/** No range is drawn around fewer. */
const LEAST_TRIALS = 3;

/**
 * Ranges around the best trials of a stage: the best √n of n (those nearer to the best than to the median, but at
 * least 3) span a range of each key; on either side it is widened by the mean gap between them. Of a key that does
 * not matter the best lie everywhere, and its range stays. Of choices those stay that are among the best.
 */
export function narrow(
  space: readonly Dimension[],
  trials: readonly (Judged & { parameters: ParameterValues })[],
): Dimension[] {
  const known = trials.filter((trial) => !Number.isNaN(scoreOf(trial))).sort(compareTrials);
  const scores = known.map(scoreOf);
  const least = ((scores[0] ?? 0) + (scores[scores.length >> 1] ?? 0)) / 2;
  const most = Math.ceil(Math.sqrt(trials.length));
  const good = known.filter((_, i) => i < LEAST_TRIALS || (i < most && scores[i]! >= least));
  if (good.length < 2) return [...space];
  return space.map((dimension): Dimension => {
    const { key, range } = dimension;
    if (range.kind === 'choice') {
      const isGood = (value: Json) => good.some(({ parameters }) => isSame(parameters[key], value));
      return { ...dimension, range: { kind: 'choice', values: range.values.filter(isGood) } };
    }
    const units = good.map(({ parameters }) => unitOf(dimension, parameters[key]));
    const first = Math.min(...units);
    const last = Math.max(...units);
    const margin = Math.max(LEAST_MARGIN, (last - first) / (good.length - 1));
    const end = (unit: number) => Number(valueAt(dimension, Math.min(1, Math.max(0, unit))));
    const low = end(first - margin);
    const high = end(last + margin);
    return low < high ? { ...dimension, range: { ...range, low, high } } : dimension;
  });
}
