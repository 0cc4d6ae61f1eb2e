import type { Finding } from '../../events/finding.ts';
import { number, percent, rounded } from '../../events/numbers.ts';
import type { Dimension } from '../space.ts';

/** What acts by factors. */
const BY_FACTORS: ReadonlySet<string> = new Set([
  'learningRate',
  'l1',
  'l2',
  'weightDecay',
  'epsilon',
]);
/** Within less than this a linear scale does no harm. */
const LEAST_FACTOR = 10;
/** Where the lower end is 0, a log range begins so far below the upper one. */
const DEPTH = 1e-5;

/** `sweep-linear-range`: a rate or a strength is searched on a linear scale. */
export function linearRangeFindings(space: readonly Dimension[]): Finding[] {
  return space.flatMap(({ key, path, range }): Finding[] => {
    if (range.kind !== 'uniform' || !BY_FACTORS.has(String(path.at(-1)))) return [];
    const { low, high } = range;
    if (high <= 0 || (low > 0 && high / low < LEAST_FACTOR)) return [];
    const from = low > 0 ? low : rounded(high * DEPTH);
    const at = ['sweep', 'parameters', key];
    const decade = (high - low) / 10 + low;
    const share = (high - decade) / (high - low);
    return [
      {
        rule: 'sweep-linear-range',
        severity: 'warning',
        path: [...at, 'uniform'],
        message: `${key} acts by factors, but is searched on a linear scale: ${percent(share)} of the trials try values above ${number(decade)}, hardly any the powers of ten below. Use log: [${from}, ${high}].`,
        evidence: { low, high, factor: low > 0 ? high / low : null, threshold: LEAST_FACTOR },
        fixes: [
          {
            title: `Search ${key} on a log scale from ${from} to ${high}`,
            edits: [{ path: at, value: { log: [from, high] } }],
          },
        ],
      },
    ];
  });
}
