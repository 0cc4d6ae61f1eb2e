import type { Finding } from '../../events/finding.ts';
import { percent } from '../../events/numbers.ts';
import { countOf } from '../count.ts';
import type { Dimension } from '../space.ts';

/** Fewer than this say little of one key, or of several. */
const ENOUGH = { one: 10, several: 20 };
/** With so many, one of them is among the best twentieth of all values in 95 cases of 100. */
const PLENTY = 60;
const GOOD_SHARE = 0.1;

/** `sweep-too-few-trials`: the first stage hardly sees the space. */
export function tooFewTrialsFindings(space: readonly Dimension[], trials: number): Finding[] {
  const enough = space.length === 1 ? ENOUGH.one : ENOUGH.several;
  if (trials >= Math.min(enough, combinations(space))) return [];
  const chance = 1 - (1 - GOOD_SHARE) ** trials;
  return [
    {
      rule: 'sweep-too-few-trials',
      severity: 'warning',
      path: ['sweep', 'stages', 0, 'trials'],
      message: `${trials} ${trials === 1 ? 'trial' : 'trials'} of ${space.length === 1 ? 'one key' : `${space.length} keys`}: the chance that one of them is among the best tenth of all values is ${percent(chance)}. With ${PLENTY} it is more than 99 %; let the first stage have more trials of fewer epochs.`,
      evidence: { trials, threshold: enough, chance },
      fixes: [
        {
          title: `Begin with ${PLENTY} trials`,
          edits: [{ path: ['sweep', 'stages', 0, 'trials'], value: PLENTY }],
        },
      ],
    },
  ];
}

/** How many different trials there are. */
function combinations(space: readonly Dimension[]): number {
  return space.reduce((product, dimension) => product * countOf(dimension), 1);
}
