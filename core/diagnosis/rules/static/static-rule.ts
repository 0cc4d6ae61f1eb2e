import type { RuleId } from '../../../events/rule-ids.ts';
import { hasLearned } from '../../outcome.ts';
import type { JudgedTrace, Rule, Verdict } from '../../rule.ts';

/**
 * A rule about the config and the data, which speaks before the first step. A config is not wrong for its
 * looks: while the run does well all the same, what is said of it is worth knowing, no more.
 */
export function staticRule(
  id: RuleId,
  look: (trace: JudgedTrace) => readonly Verdict[],
  doesWell: (trace: JudgedTrace) => boolean = hasLearned,
): Rule {
  return {
    id,
    moments: ['start', 'epoch'],
    begin: () => {
      let verdicts: readonly Verdict[] | null = null;
      let mild: readonly Verdict[] | null = null;
      return (trace) => {
        verdicts ??= look(trace);
        if (verdicts.length === 0 || !doesWell(trace)) return verdicts;
        mild ??= verdicts.map((verdict) => ({ ...verdict, severity: 'info' }));
        return mild;
      };
    },
  };
}
