import type { Finding, Severity } from '../events/finding.ts';
import { explains, type RuleId, rankOf } from '../events/rule-ids.ts';
import type {
  FindingEvent,
  RatiosEvent,
  RunEvent,
  StepsEvent,
  WithdrawnEvent,
} from '../events/run-event.ts';
import { type JudgedTrace, type Moment, NOTHING, type Rule, type Verdict } from './rule.ts';
import { type StepRow, Trace } from './trace.ts';

/** What the rules tell: a finding, or that one no longer holds. */
export type Judgement = FindingEvent | WithdrawnEvent;

interface Judge {
  rule: Rule;
  judge: ReturnType<Rule['begin']>;
}

const SILENCE: readonly Judgement[] = [];
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];
const MOMENT_OF: { readonly [type in RunEvent['type']]?: Moment } = {
  data: 'start',
  distributions: 'look',
  epoch: 'epoch',
  probe: 'probe',
  finished: 'end',
};

/**
 * Judges a run by its events, live or afterwards: the same events give the same findings. Causes
 * silence their symptoms; what a rule does not say again is withdrawn; the muted are not told.
 */
export class Diagnosis {
  readonly trace = new Trace();
  readonly #judges: Judge[];
  readonly #stepJudges: Judge[];
  /** Told, but not yet judged. */
  #steps: StepsEvent | null = null;
  /** What each rule says at present, and the step of which it says so; what the config tells is so before any. */
  readonly #verdicts = new Map<RuleId, { verdicts: readonly Verdict[]; step: number }>();
  /** What was told and not withdrawn. */
  readonly #told = new Map<string, Finding>();

  constructor(rules: readonly Rule[]) {
    this.#judges = rules.map((rule) => ({ rule, judge: rule.begin() }));
    this.#stepJudges = this.#judges.filter(({ rule }) => rule.moments.includes('step'));
  }

  /** The findings that hold, the one that matters most first. */
  get findings(): Finding[] {
    return [...this.#told.values()].sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        rankOf(a.rule as RuleId) - rankOf(b.rule as RuleId),
    );
  }

  /** Whether an error was found in what the run has done so far. */
  get hopeless(): boolean {
    for (const { severity, step } of this.#told.values())
      if (severity === 'error' && step !== 0) return true;
    return false;
  }

  /** Whether a rule holds, told or not. */
  holds(rule: RuleId): boolean {
    return (this.#verdicts.get(rule)?.verdicts ?? NOTHING).length > 0;
  }

  /** Whether a rule wants the labels probed, and they were not yet. */
  get suspectsLabels(): boolean {
    const { trace } = this;
    if (!isJudged(trace) || trace.probes.some(({ probe }) => probe === 'labels')) return false;
    const { mute } = trace.config;
    return this.#judges.some(({ rule }) => !mute.includes(rule.id) && rule.suspectsLabels?.(trace));
  }

  /** Takes an event in; returns what the rules have to say about it. */
  see(event: RunEvent): readonly Judgement[] {
    switch (event.type) {
      case 'finding':
      case 'withdrawn':
        return SILENCE;
      // The ratios of these steps are told after them, but were known with each.
      case 'steps': {
        const said = this.#takeSteps(null);
        this.#steps = event;
        return said;
      }
      case 'ratios':
        return this.#takeSteps(event);
    }
    const said = this.#takeSteps(null);
    this.trace.add(event);
    const moment = MOMENT_OF[event.type];
    return moment ? [...said, ...this.#ask(this.#judges, moment)] : said;
  }

  /** One step, as it happens: a row of a `steps` event. */
  step(step: number, row: StepRow): readonly Judgement[] {
    this.trace.addStep(step, row);
    return this.#ask(this.#stepJudges, 'step');
  }

  #takeSteps(ratios: RatiosEvent | null): readonly Judgement[] {
    const steps = this.#steps;
    this.#steps = null;
    const said: Judgement[] = [];
    const width = ratios ? ratios.ratios.length / ratios.steps.length : 0;
    let next = 0;
    for (let i = 0; i < (steps?.loss.length ?? 0); i++) {
      const { firstStep, loss, dataLoss, learningRate } = steps!;
      const step = firstStep + i;
      for (; ratios && ratios.steps[next]! <= step; next++)
        this.trace.addRatios(step, ratios.ratios.subarray(next * width, (next + 1) * width));
      const row = {
        loss: loss[i]!,
        dataLoss: (dataLoss ?? loss)[i]!,
        learningRate: learningRate[i]!,
      };
      said.push(...this.step(step, row));
    }
    return said;
  }

  #ask(judges: readonly Judge[], moment: Moment): readonly Judgement[] {
    const { trace } = this;
    if (!isJudged(trace)) return SILENCE;
    let changed = false;
    for (const { rule, judge } of judges) {
      if (!rule.moments.includes(moment)) continue;
      const verdicts = judge(trace, moment);
      const before = this.#verdicts.get(rule.id)?.verdicts ?? NOTHING;
      if (verdicts.length === 0 && before.length === 0) continue;
      this.#verdicts.set(rule.id, { verdicts, step: moment === 'start' ? 0 : trace.step });
      changed = true;
    }
    return changed ? this.#tell(trace) : SILENCE;
  }

  #tell({ config }: JudgedTrace): Judgement[] {
    const said: Judgement[] = [];
    const present = new Map<string, Finding>();
    for (const [rule, { verdicts, step }] of this.#verdicts) {
      if (config.mute.includes(rule) || this.#isExplained(rule)) continue;
      for (const verdict of verdicts) {
        const key = JSON.stringify([rule, verdict.path]);
        present.set(key, { rule, ...verdict, step });
      }
    }
    for (const [key, { rule, path }] of this.#told) {
      if (present.has(key)) continue;
      this.#told.delete(key);
      said.push({ type: 'withdrawn', rule, path });
    }
    for (const [key, finding] of present) {
      // Its numbers may differ by now: it was told with those that showed it first.
      if (this.#told.get(key)?.severity === finding.severity) continue;
      this.#told.set(key, finding);
      said.push({ type: 'finding', finding });
    }
    return said;
  }

  #isExplained(symptom: RuleId): boolean {
    for (const [cause, { verdicts }] of this.#verdicts) {
      const serious = verdicts.some(({ severity }) => severity !== 'info');
      if (serious && explains(cause, symptom)) return true;
    }
    return false;
  }
}

function isJudged(trace: Trace): trace is JudgedTrace {
  return trace.started !== null && trace.config !== null;
}
