import { Diagnosis } from '../../../../core/diagnosis/diagnosis.ts';
import { ALL_RULES } from '../../../../core/diagnosis/rules/index.ts';
import type { Finding, Severity } from '../../../../core/events/finding.ts';
import type { RuleId } from '../../../../core/events/rule-ids.ts';
import type { RunEvent } from '../../../../core/events/run-event.ts';
import type { Trained } from '../run.ts';
import { RIVALS } from './rivals/index.ts';
import { type Alarm, alarmsOf } from './rule-set.ts';

/** A finding, as much of it as the report needs. */
export interface Told {
  rule: RuleId;
  severity: Severity;
  path: string;
  message: string;
  step: number;
}

/** What was said of one run. */
export interface Judged {
  /** Findings that hold at the end, the one that matters most first. */
  findings: Told[];
  /** The first warning or error, whether it was withdrawn or not. */
  first: Told | null;
  /** When the first of those that hold at the end was told. */
  detectedAt: number | null;
  /** Steps that were trained, and that were to be trained. */
  steps: number;
  budget: number;
  diverged: boolean;
  /** Milliseconds of the run, and of the rules. */
  time: number;
  rulesTime: number;
  /** In the order of RIVALS. */
  rivals: (Alarm | null)[];
}

export function judgeAll({ events, finished, time }: Trained): Judged {
  const began = performance.now();
  const { findings, said } = diagnose(events);
  const rulesTime = performance.now() - began;
  const started = events.find((event) => event.type === 'started')!;
  const serious = findings.filter(isSerious);
  const toldAt = serious.map(
    ({ rule }) => said.find((finding) => finding.rule === rule && isSerious(finding))?.step ?? 0,
  );
  const first = said.find(isSerious);
  return {
    findings: findings.map(told),
    first: first ? told(first) : null,
    detectedAt: toldAt.length > 0 ? Math.min(...toldAt) : null,
    steps: finished.step,
    budget: started.epochs * started.stepsPerEpoch,
    diverged: finished.reason !== 'completed',
    time,
    rulesTime,
    rivals: alarmsOf(RIVALS, events),
  };
}

export function diagnose(events: readonly RunEvent[]): { findings: Finding[]; said: Finding[] } {
  const diagnosis = new Diagnosis(ALL_RULES);
  const said: Finding[] = [];
  for (const event of events)
    for (const judgement of diagnosis.see(event))
      if (judgement.type === 'finding') said.push(judgement.finding);
  return { findings: diagnosis.findings, said };
}

export function isSerious({ severity }: Pick<Finding, 'severity'>): boolean {
  return severity !== 'info';
}

function told({ rule, severity, path, message, step }: Finding): Told {
  return { rule: rule as RuleId, severity, path: path.join('.'), message, step: step ?? 0 };
}
