import type { RuleId } from '../../events/rule-ids.ts';
import type { JudgedTrace, Moment, Rule, Verdict } from '../rule.ts';
import { NOTHING } from '../rule.ts';

type Judge = ReturnType<Rule['begin']>;

/** A rule that looks at the run whenever an epoch is complete, and stays with what it said in between. */
export function epochRule(
  id: RuleId,
  look: (trace: JudgedTrace) => readonly Verdict[],
  isOver: (trace: JudgedTrace) => boolean = () => true,
): Rule {
  return { id, moments: ['epoch'], begin: until(isOver, look) };
}

/** What was said holds, in the same words, until the run has come over it. */
export function until(
  isOver: (trace: JudgedTrace) => boolean,
  look: (trace: JudgedTrace) => readonly Verdict[],
): () => Judge {
  return () => {
    let said = NOTHING;
    return (trace) => {
      const now = look(trace);
      const worse = now[0]?.severity !== said[0]?.severity;
      if (now.length > 0) said = worse ? now : said;
      else if (said.length > 0 && isOver(trace)) said = NOTHING;
      return said;
    };
  };
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
