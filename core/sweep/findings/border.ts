import type { ParameterRange } from '../../config/index.ts';
import type { Finding } from '../../events/finding.ts';
import type { TrialEvent } from '../../events/sweep-event.ts';
import type { Candidate } from '../best.ts';
import { scoreOf } from '../score.ts';
import { type Dimension, unitOf } from '../space.ts';

/** This part of a range is its border; so is where nothing was tried beyond. */
const BORDER = 0.08;
/** This part of it is a side. */
const SIDE = 0.25;
/** The next best lie on a side by chance with this probability at most. */
const CHANCE = 0.05;
const WIDER = 10;

/** A fix that would make a config which cannot be used is none; null then. */
export type Widen = (
  dimension: Dimension,
  range: [number, number],
) => Finding['fixes'][number] | null;

/**
 * `sweep-border`: the best value lies at the end of the range in the config, and not by chance. Of a key without
 * influence it does so in 16 of 100 sweeps (twice 8 %) and more where few values were tried, so others are asked: of
 * the trials of the first stage, which looked everywhere, the next best have to lie on that side more often than a draw
 * without looking at scores would give. Both together happen by chance in one or two sweeps of 100; of fewer than 8
 * trials nothing can be told. Where the key has no values beyond the end, nothing is said.
 */
export function borderFindings(
  space: readonly Dimension[],
  best: Candidate | undefined,
  /** The trials of the first stage, the best first. */
  first: readonly TrialEvent[],
  widen: Widen,
): Finding[] {
  if (!best) return [];
  const others = first.filter(({ number }) => number !== best.trial.number);
  const scored = others.filter((trial) => !Number.isNaN(scoreOf(trial))).length;
  const asked = Math.min(scored, Math.ceil(Math.sqrt(others.length + 1)) - 1);
  return space.flatMap((dimension): Finding[] => {
    const { key, range } = dimension;
    if (range.kind === 'choice') return [];
    const place = (trial: TrialEvent) => unitOf(dimension, trial.parameters[key]);
    const unit = place(best.trial);
    const places = others.map(place);
    const upper = unit > 0.5;
    // From the end in question.
    const from = (one: number) => (upper ? 1 - one : one);
    const isOutermost = from(unit) < SIDE && places.every((one) => from(one) >= from(unit));
    if (from(unit) >= BORDER && !isOutermost) return [];
    const isThere = places.map((one) => from(one) < SIDE);
    const there = count(isThere.slice(0, asked));
    const chance = chanceOf(there, { of: asked, marked: count(isThere), all: others.length });
    if (chance > CHANCE) return [];
    const fix = widen(dimension, widened(range, upper));
    if (!fix) return [];
    const value = best.trial.parameters[key]!;
    const { low, high, kind } = range;
    return [
      {
        rule: 'sweep-border',
        severity: 'warning',
        path: ['sweep', 'parameters', key, kind],
        message: `The best ${key}, ${value}, lies at the ${upper ? 'upper' : 'lower'} end of its range ${low} … ${high}, and so do ${there} of the ${asked} next best: better values may lie beyond it, where nobody has looked. Widen the range there and search again.`,
        evidence: { value, low, high, place: unit, border: BORDER, there, asked, chance },
        fixes: [fix],
      },
    ];
  });
}

/**
 * The probability that of `of` trials, drawn from `all` of which some are marked, so many or more are marked: the tail
 * of the hypergeometric distribution, as in Fisher's exact test.
 */
export function chanceOf(
  many: number,
  { of, marked, all }: { of: number; marked: number; all: number },
): number {
  let chance = 0;
  for (let k = many; k <= Math.min(of, marked); k++)
    chance += Math.exp(choices(marked, k) + choices(all - marked, of - k) - choices(all, of));
  return chance;
}

/** The logarithm of the number of ways to choose k of n. */
function choices(n: number, k: number): number {
  if (k > n) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

function count(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length;
}

/** That side ten times as far: by a factor, or from 0 by as much as the range is wide. */
function widened(
  { kind, low, high }: Exclude<ParameterRange, { kind: 'choice' }>,
  upper: boolean,
): [number, number] {
  const whole = (value: number) => (kind === 'int' ? Math.round(value) : value);
  if (upper) return [low, whole(high > 0 ? high * WIDER : high + (WIDER - 1) * (high - low))];
  const wider = low > 0 ? low / WIDER : low - (WIDER - 1) * (high - low);
  return [kind === 'int' && low > 0 ? Math.max(1, whole(wider)) : whole(wider), high];
}
