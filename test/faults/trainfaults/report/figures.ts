import type { RuleId } from '../../../../core/events/rule-ids.ts';
import { median } from '../effect/effect.ts';
import { wilson } from '../effect/wilson.ts';
import { isSerious } from '../judging/judge-all.ts';
import { RIVALS } from '../judging/rivals/index.ts';
import type { JudgedRun } from './runs.ts';

/** A share with its 95 % interval. */
export interface Share {
  hits: number;
  of: number;
  share: number;
  low: number;
  high: number;
}

/** What a set of rules makes of labelled runs. */
export interface Figures {
  rules: string;
  recall: Share;
  falseAlarms: Share;
  precision: Share;
  /** Of the faulty runs whose cause is known: that it is named first. */
  rightCause: Share;
  /** Of the detected: when, as a share of the steps that were to be done; the median. */
  latency: number | null;
}

/** What was said of one run. */
export interface Voice {
  alarm: boolean;
  /** Named first. */
  causes: readonly RuleId[];
  /** Step of the alarm. */
  at: number;
}

export const OURS = 'Trainscope';

/** Our word is what stands at the end of the run; a warning that was withdrawn on the way counts as an alarm for `strictly`. */
export function ourVoice({ judged }: JudgedRun): Voice {
  const serious = judged.findings.filter(isSerious);
  return {
    alarm: serious.length > 0,
    causes: serious.slice(0, 1).map(({ rule }) => rule),
    at: judged.detectedAt ?? 0,
  };
}

export function strictVoice({ judged }: JudgedRun): Voice {
  const { first } = judged;
  return { alarm: first !== null, causes: first ? [first.rule] : [], at: first?.step ?? 0 };
}

const voices: readonly [string, (run: JudgedRun) => Voice][] = [
  [OURS, ourVoice],
  [`${OURS}, withdrawn ones too`, strictVoice],
  ...RIVALS.map(({ name }, i): [string, (run: JudgedRun) => Voice] => [
    `rule set of ${name}, as published, on our engine`,
    ({ judged }) => {
      const alarm = judged.rivals[i];
      return { alarm: Boolean(alarm), causes: alarm?.causes ?? [], at: alarm?.step ?? 0 };
    },
  ]),
];

export function figuresOf(runs: readonly JudgedRun[]): Figures[] {
  return voices.map(([rules, voice]) => ({ rules, ...figuresOfVoice(runs, voice) }));
}

function figuresOfVoice(
  runs: readonly JudgedRun[],
  voice: (run: JudgedRun) => Voice,
): Omit<Figures, 'rules'> {
  const faulty = runs.filter((run) => run.faulty);
  const healthy = runs.filter((run) => !run.faulty);
  const detected = faulty.filter((run) => voice(run).alarm);
  const alarmed = healthy.filter((run) => voice(run).alarm);
  const known = faulty.filter(({ causes }) => causes.length > 0);
  return {
    recall: shareOf(detected.length, faulty.length),
    falseAlarms: shareOf(alarmed.length, healthy.length),
    precision: shareOf(detected.length, detected.length + alarmed.length),
    rightCause: shareOf(known.filter((run) => isRight(run, voice(run))).length, known.length),
    latency:
      detected.length > 0 ? median(detected.map((run) => voice(run).at / run.judged.budget)) : null,
  };
}

export function isRight({ causes }: JudgedRun, said: Voice): boolean {
  return said.causes.some((cause) => causes.includes(cause));
}

export function shareOf(hits: number, of: number): Share {
  const [low, high] = wilson(hits, of);
  return { hits, of, share: of === 0 ? Number.NaN : hits / of, low, high };
}

/** Time of the rules over that of the trainings. */
export function costOfRules(runs: readonly JudgedRun[]): number {
  const sum = (of: (run: JudgedRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  return sum(({ judged }) => judged.rulesTime) / sum(({ judged }) => judged.time);
}
