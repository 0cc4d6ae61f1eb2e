import type { Finding } from '../events/finding.ts';
import type { RuleId } from '../events/rule-ids.ts';
import type { Trace } from './trace.ts';

/** When a rule is asked. */
export type Moment =
  /** Before the first step: plan and data are known. */
  | 'start'
  /** After each step: only what takes nanoseconds. */
  | 'step'
  /** Something inside the network was measured. */
  | 'look'
  /** An epoch is complete and validated. */
  | 'epoch'
  /** A probe was answered. */
  | 'probe'
  /** No step follows. */
  | 'end';

/** What a rule has seen: a finding, but for what its rule and the moment tell. */
export type Verdict = Omit<Finding, 'rule' | 'step'>;

export const NOTHING: readonly Verdict[] = [];

/**
 * One thing that can be wrong with a run. A pure function of what was told so far: it is asked at its
 * moments, and what it does not say again is withdrawn. It never throws; where evidence is missing it
 * is silent. What it remembers beyond the trace is in the state that `begin` makes for each run.
 */
export interface Rule {
  id: RuleId;
  moments: readonly Moment[];
  /** A judge for one run. */
  begin(): (trace: JudgedTrace, moment: Moment) => readonly Verdict[];
  /**
   * Whether it suspects something that a probe of the labels would settle. Asked after each epoch until
   * there is one; the answer comes as the moment `probe`. It costs a tenth of a second.
   */
  suspectsLabels?(trace: JudgedTrace): boolean;
}

/** A trace of which the beginning is known: without it no rule is asked. */
export type JudgedTrace = Trace & {
  started: NonNullable<Trace['started']>;
  config: NonNullable<Trace['config']>;
};
