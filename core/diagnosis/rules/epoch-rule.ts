import type { RuleId } from '../../events/rule-ids.ts';
import type { JudgedTrace, Moment, Rule, Verdict } from '../rule.ts';
import { NOTHING } from '../rule.ts';

type Judge = ReturnType<Rule['begin']>;

/** A rule that looks at the run whenever an epoch is complete, and stays with what it said in between. */
export function epochRule(
  id: RuleId,
  look: (trace: JudgedTrace) => readonly Verdict[],
  more: readonly Moment[] = [],
): Rule {
  return { id, moments: ['epoch', ...more], begin: () => look };
}

/** A rule with several ways to find something: the first that does speaks. */
export function anyOf(
  id: RuleId,
  judges: readonly { moments: readonly Moment[]; begin: () => Judge }[],
): Rule {
  const moments = [...new Set(judges.flatMap((judge) => judge.moments))];
  return {
    id,
    moments,
    begin: () => {
      const begun = judges.map(({ moments, begin }) => ({
        moments,
        judge: begin(),
        said: NOTHING,
      }));
      return (trace, moment) => {
        for (const one of begun) {
          if (one.moments.includes(moment)) one.said = one.judge(trace, moment);
        }
        return begun.find(({ said }) => said.length > 0)?.said ?? NOTHING;
      };
    },
  };
}
