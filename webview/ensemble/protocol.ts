import type { Taken } from '../protocol.ts';
import type { WorkCommand, WorkFacts } from '../work/protocol.ts';

/**
 * What the host and the view of an ensemble say to each other. The host sends all that the ensemble has told when
 * the view appears, and what it tells while it is visible; the view puts it together as the host does.
 */

/** What it is at: its members are trained, or compared. */
export type EnsembleActivity = 'training' | 'measuring';

export type EnsembleFacts = WorkFacts<EnsembleActivity>;

/** `lines`: events, each a line of JSON in which NaN and the infinities are strings. */
export type ToEnsemble =
  /** Everything: forget what was there. */
  | { type: 'hydrate'; facts: EnsembleFacts; lines: string[] }
  | { type: 'update'; facts: EnsembleFacts; lines: string[] };

export type FromEnsemble =
  | { type: 'ready' }
  | { type: 'command'; command: WorkCommand }
  /** Shows the runs of these members in the dashboard. */
  | { type: 'open'; members: number[] }
  | Taken;
