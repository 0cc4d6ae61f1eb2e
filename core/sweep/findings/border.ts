import type { ParameterRange } from '../../config/index.ts';
import type { Finding } from '../../events/finding.ts';
import type { Candidate } from '../best.ts';
import { type Dimension, unitOf } from '../space.ts';

/** This part of a range is its border. */
const BORDER = 0.08;
/** The best three lie on that side on average. */
const SIDE = 0.25;
const LOOKED_AT = 3;
const WIDER = 10;

/** A fix that would make a config which cannot be used is none; null then. */
export type Widen = (
  dimension: Dimension,
  range: [number, number],
) => Finding['fixes'][number] | null;

/**
 * `sweep-border`: the best value lies at the end of the range in the config. Where the key has no values beyond it,
 * nothing is said.
 */
export function borderFindings(
  space: readonly Dimension[],
  ranked: readonly Candidate[],
  widen: Widen,
): Finding[] {
  const best = ranked.slice(0, LOOKED_AT);
  return space.flatMap((dimension): Finding[] => {
    const { key, range } = dimension;
    if (range.kind === 'choice' || best.length < LOOKED_AT) return [];
    const units = best.map(({ trial }) => unitOf(dimension, trial.parameters[key]));
    const unit = units[0]!;
    const mean = units.reduce((sum, one) => sum + one, 0) / units.length;
    const upper = unit > 1 - BORDER && mean > 1 - SIDE;
    if (!upper && !(unit < BORDER && mean < SIDE)) return [];
    const fix = widen(dimension, widened(range, upper));
    if (!fix) return [];
    const value = best[0]!.trial.parameters[key]!;
    const { low, high, kind } = range;
    return [
      {
        rule: 'sweep-border',
        severity: 'warning',
        path: ['sweep', 'parameters', key, kind],
        message: `The best ${key}, ${value}, lies at the ${upper ? 'upper' : 'lower'} end of its range ${low} … ${high}: better values may lie beyond it, where nobody has looked. Widen the range there and search again.`,
        evidence: { value, low, high, place: unit, border: BORDER },
        fixes: [fix],
      },
    ];
  });
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
