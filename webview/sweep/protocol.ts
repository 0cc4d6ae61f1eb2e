import type { ConfigPath } from '../../core/events/finding.ts';
import type { RangesNow } from '../../core/events/sweep-event.ts';
import type { SearchFacts, TrialCurves, TrialRows } from '../../core/sweep/facts.ts';
import type { HeaderFinding, Taken } from '../protocol.ts';
import type { WorkCommand, WorkFacts } from '../work/protocol.ts';

export {
  type SearchedKey,
  type StageFacts,
  TRIAL_NUMBERS,
  TRIAL_STATES,
  type TrialCurves,
  type TrialNumber,
  type TrialPhase,
  type TrialRows,
} from '../../core/sweep/facts.ts';

/**
 * What the host and the view of a sweep say to each other. The host owns the sweep: it sends all trials when the
 * view appears, and those with news while it is visible. Numbers that may be NaN travel in typed arrays.
 */

/** All that is told of a sweep but for its trials. */
export interface SweepFacts extends SearchFacts, WorkFacts<'running'> {
  findings: HeaderFinding[];
  /** It waits before each stage but the first, so that its ranges can be changed. */
  asks: boolean;
  /** The stage that waits to begin; null: none does. */
  next: { stage: number; ranges: RangesNow } | null;
}

export type ToSweep =
  /** Everything: forget what was there. */
  | { type: 'hydrate'; facts: SweepFacts; trials: TrialRows }
  | { type: 'update'; facts: SweepFacts; trials: TrialRows }
  | { type: 'curves'; curves: TrialCurves }
  /** Its config cannot be read any more, and why. */
  | { type: 'unreadable'; message: string };

export type FromSweep =
  | { type: 'ready' }
  /** The losses of these are before the user's eyes, and have not come. */
  | { type: 'curves'; places: number[] }
  | { type: 'command'; command: WorkCommand }
  /** Writes the values of a trial into the config. */
  | { type: 'use'; place: number }
  /** Trains it on, to the epochs of the config. */
  | { type: 'continue'; place: number }
  /** Shows the runs of these in the dashboard. */
  | { type: 'compare'; places: number[] }
  /** Whether it is to wait before each next stage. */
  | { type: 'ask'; asks: boolean }
  /** The next stage begins, in these ranges. */
  | { type: 'begin'; ranges: RangesNow }
  | {
      type: 'finding';
      rule: string;
      path: ConfigPath;
      action: 'open' | 'explain' | 'fix';
      fix: number;
    }
  | Taken;
