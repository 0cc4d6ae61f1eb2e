import type { RuleId } from '../../../events/rule-ids.ts';
import { hasLearned } from '../../outcome.ts';
import type { JudgedTrace, Rule, Verdict } from '../../rule.ts';

/**
 * A rule about the config and the data, which speaks before the first step. A config is not wrong for its
 * looks: once the run has done well all the same, what is said of it is worth knowing, no more.
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
      let well = false;
      return (trace) => {
        verdicts ??= look(trace);
        if (verdicts.length === 0) return verdicts;
        if (!well && doesWell(trace)) {
          well = true;
          verdicts = verdicts.map((verdict) => ({ ...verdict, severity: 'info' }));
        }
        return verdicts;
      };
    },
  };
}
