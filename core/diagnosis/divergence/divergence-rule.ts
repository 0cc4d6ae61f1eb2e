import type { RuleId } from '../../events/rule-ids.ts';
import { type JudgedTrace, NOTHING, type Rule, type Verdict } from '../rule.ts';
import type { Culprit } from './blame.ts';
import { hasExploded } from './explosion.ts';
import { type Divergence, divergenceOf } from './story.ts';

/** What a rule says of a run that was lost through what the rule is about; null if that is for another one. */
export type Accusation = (trace: JudgedTrace, divergence: Divergence) => Verdict | null;

/** The part of a rule that speaks when a run is lost and the culprit is its own. */
export function divergenceJudge(culprit: Culprit, accuse: Accusation): ReturnType<Rule['begin']> {
  let verdict: readonly Verdict[] = NOTHING;
  let at = -1;
  return (trace) => {
    const exploded = hasExploded(trace);
    const lost = trace.step > 0 && (exploded || !Number.isFinite(trace.last.loss));
    // Once a run is lost its story is told; asked again after the same step, it is the same.
    if (!lost) verdict = NOTHING;
    else if (at !== trace.step && verdict.length === 0) {
      const divergence = divergenceOf(trace, exploded);
      const accusation = divergence?.culprit === culprit ? accuse(trace, divergence) : null;
      if (accusation) verdict = [accusation];
    }
    at = trace.step;
    return verdict;
  };
}

export function divergenceRule(id: RuleId, culprit: Culprit, accuse: Accusation): Rule {
  return { id, moments: ['step'], begin: () => divergenceJudge(culprit, accuse) };
}
