import type { ParameterValues } from '../events/sweep-event.ts';
import { compareTrials, type Judged } from './score.ts';
import { type Dimension, unitOf } from './space.ts';

/** How much a key by itself explains of how trials differ: 0 nothing, 1 all. */
export interface Importance {
  key: string;
  share: number;
}

const MOST_BINS = 6;
const LEAST_IN_BIN = 3;

/**
 * Importance of each key: trials are sorted into bins of its values, equally full, and ω² tells which share of
 * the variance lies between bins, without what chance puts there:
 *   ω² = (SS_between − (bins − 1) · MS_within) / (SS_total + MS_within)
 * It is the first-order part of a functional ANOVA (Hutter, Hoos, Leyton-Brown, 2014): what keys do only together
 * is not seen. Ranks take the place of scores (1 is best), so that trials that exploded, which have none, count as
 * the worst, and how bad they are does not drown the rest. The most important first.
 */
export function importanceOf(
  space: readonly Dimension[],
  trials: readonly (Judged & { parameters: ParameterValues })[],
): Importance[] {
  const sorted = trials.toSorted(compareTrials);
  const ranks = sorted.map((trial) => meanRank(sorted, trial));
  return space
    .map((dimension) => {
      const rows = sorted.map(({ parameters }, i) => ({
        unit: unitOf(dimension, parameters[dimension.key]),
        rank: ranks[i]!,
      }));
      return { key: dimension.key, share: omegaSquared(binsOf(dimension, rows)) };
    })
    .sort((a, b) => b.share - a.share);
}

/** Equals share the mean of their ranks. */
function meanRank(sorted: readonly Judged[], trial: Judged): number {
  const isEqual = (other: Judged) =>
    compareTrials({ ...other, number: 0 }, { ...trial, number: 0 }) === 0;
  const first = sorted.findIndex(isEqual);
  return (first + sorted.findLastIndex(isEqual)) / 2;
}

interface Row {
  unit: number;
  rank: number;
}

/** The ranks in each bin: of choices one bin each, of numbers bins of as many trials. */
function binsOf({ range }: Dimension, rows: readonly Row[]): number[][] {
  if (range.kind === 'choice') {
    const units = [...new Set(rows.map(({ unit }) => unit))];
    return units.map((unit) => rows.filter((row) => row.unit === unit).map(({ rank }) => rank));
  }
  const count = Math.min(MOST_BINS, Math.floor(rows.length / LEAST_IN_BIN));
  const byUnit = rows.toSorted((a, b) => a.unit - b.unit);
  return Array.from({ length: count }, (_, k) =>
    byUnit
      .slice(Math.floor((k * rows.length) / count), Math.floor(((k + 1) * rows.length) / count))
      .map(({ rank }) => rank),
  );
}

function omegaSquared(bins: readonly (readonly number[])[]): number {
  const all = bins.flat();
  const mean = average(all);
  const total = all.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const between = bins.reduce((sum, bin) => sum + bin.length * (average(bin) - mean) ** 2, 0);
  const free = all.length - bins.length;
  if (free <= 0 || bins.length < 2 || total === 0) return 0;
  const within = (total - between) / free;
  return Math.max(0, (between - (bins.length - 1) * within) / (total + within));
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
