import type { RunHistory } from '../runs/history.ts';

/** What a report is made of. */
export interface ReportSource {
  history: RunHistory;
  /** Where the run is kept. */
  folder: string;
  /** The text of its config; null where it cannot be read. */
  config: string | null;
  /** Why its log could not be read to the end, in a sentence. */
  damage: string | null;
  /** Milliseconds since 1970. */
  writtenAt: number;
  /** Of Trainscope. */
  version: string;
}
