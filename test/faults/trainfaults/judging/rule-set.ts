import { Diagnosis } from '../../../../core/diagnosis/diagnosis.ts';
import {
  type JudgedTrace,
  type Moment,
  NOTHING,
  type Rule,
} from '../../../../core/diagnosis/rule.ts';
import type { Trace } from '../../../../core/diagnosis/trace.ts';
import type { RuleId } from '../../../../core/events/rule-ids.ts';
import type { RunEvent } from '../../../../core/events/run-event.ts';

/** Something that a tool looks for. */
export interface Predicate {
  name: string;
  /** What it would be called here: for counting how often the right cause is named. */
  means: readonly RuleId[];
  moments: readonly Moment[];
  begin(): (trace: JudgedTrace) => boolean;
}

/** The published predicates of another tool, on what our engine measures. */
export interface RuleSet {
  name: string;
  predicates: readonly Predicate[];
}

/** A predicate without memory. */
export function when(
  name: string,
  means: readonly RuleId[],
  moments: readonly Moment[],
  holds: (trace: JudgedTrace) => boolean,
): Predicate {
  return { name, means, moments, begin: () => holds };
}

/** What was said first; no word is ever taken back. */
export interface Alarm {
  step: number;
  /** Of all predicates that spoke in this step, in the tool's order. */
  names: string[];
  causes: RuleId[];
}

const ALL_MOMENTS: readonly Moment[] = ['start', 'step', 'look', 'epoch', 'probe', 'end'];

/** Asks all sets about one run; null: not a word. */
export function alarmsOf(sets: readonly RuleSet[], events: readonly RunEvent[]): (Alarm | null)[] {
  const alarms: (Alarm | null)[] = sets.map(() => null);
  const judges = sets.map(({ predicates }) =>
    predicates.map((predicate) => ({ predicate, judge: predicate.begin() })),
  );
  follow(events, (trace, moment) => {
    for (const [i, set] of judges.entries()) {
      const alarm = alarms[i];
      if (alarm && alarm.step < trace.step) continue;
      for (const { predicate, judge } of set) {
        if (!predicate.moments.includes(moment) || !judge(trace)) continue;
        alarms[i] ??= { step: trace.step, names: [], causes: [] };
        if (alarms[i].names.includes(predicate.name)) continue;
        alarms[i].names.push(predicate.name);
        alarms[i].causes.push(...predicate.means);
      }
    }
  });
  return alarms;
}

/** Goes through a run moment by moment, as rules are asked; returns all that was known of it. */
export function follow(
  events: readonly RunEvent[],
  look: (trace: JudgedTrace, moment: Moment) => void,
): Trace {
  const listener: Rule = {
    id: 'non-finite',
    moments: ALL_MOMENTS,
    begin: () => (trace, moment) => {
      look(trace, moment);
      return NOTHING;
    },
  };
  const diagnosis = new Diagnosis([listener]);
  for (const event of events) diagnosis.see(event);
  return diagnosis.trace;
}
