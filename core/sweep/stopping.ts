import type { SweepConfig } from '../config/index.ts';

type Stopping = SweepConfig['stopping'];

/** A trial at a rung: its score after each epoch so far, the first epoch first; NaN where it has none. */
export interface Contender {
  number: number;
  scores: readonly number[];
}

/** ASHA's η: one of three goes on. */
const REDUCTION = 3;

/**
 * After how many epochs the trials of a stage wait for each other. Waiting makes what goes on independent of
 * timing, and of how many cores there are.
 */
export function rungsOf(stopping: Stopping, epochs: number): number[] {
  const shares = {
    none: [],
    median: [1 / 4, 1 / 2, 3 / 4],
    asha: [REDUCTION ** -2, 1 / REDUCTION],
  };
  const rungs = shares[stopping].map((share) => Math.max(1, Math.round(share * epochs)));
  return [...new Set(rungs)].filter((rung) => rung < epochs);
}

/** The numbers of those that go on. */
export function survivors(stopping: Stopping, contenders: readonly Contender[]): Set<number> {
  const alive = contenders.filter(({ scores }) => !Number.isNaN(scores.at(-1) ?? Number.NaN));
  if (stopping === 'asha') return best(alive, Math.ceil(contenders.length / REDUCTION));
  if (stopping === 'median') return aboveMedian(alive);
  return new Set(alive.map(({ number }) => number));
}

/** Successive halving (Jamieson and Talwalkar, 2016; Li et al., 2020, for ASHA): the best third. */
function best(contenders: readonly Contender[], count: number): Set<number> {
  const sorted = contenders.toSorted(
    (a, b) => b.scores.at(-1)! - a.scores.at(-1)! || a.number - b.number,
  );
  return new Set(sorted.slice(0, count).map(({ number }) => number));
}

/**
 * The median rule (Golovin et al., "Google Vizier", 2017): a trial ends whose best score so far is below the
 * median of the means of the others' scores so far.
 */
function aboveMedian(contenders: readonly Contender[]): Set<number> {
  const means = contenders.map(({ scores }) => mean(scores)).sort((a, b) => a - b);
  const middle = means.length >> 1;
  const median =
    means.length % 2 === 1 ? means[middle]! : ((means[middle - 1] ?? 0) + (means[middle] ?? 0)) / 2;
  const goOn = contenders.filter(({ scores }) => Math.max(...scores.filter(isNumber)) >= median);
  return new Set(goOn.map(({ number }) => number));
}

function mean(values: readonly number[]): number {
  const known = values.filter(isNumber);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value);
}
