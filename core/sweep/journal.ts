import type { SweepEvent, SweepStartedEvent } from '../events/sweep-event.ts';
import type { SweepLog } from './log.ts';
import type { OpenSweep } from './open.ts';
import { SweepState, type TrialRecord } from './state.ts';

/** Hears of an event of the sweep in this folder (absolute). */
export type Listener = (event: SweepEvent, folder: string) => void;

/** What happens in a sweep: it is kept in the log, then known, then told. */
export class Journal {
  readonly started: SweepStartedEvent;
  readonly state = new SweepState();
  readonly #log: SweepLog;
  readonly #tell: Listener;

  constructor({ log, events, started }: OpenSweep, tell: Listener) {
    this.started = started;
    this.#log = log;
    this.#tell = tell;
    for (const event of events) this.#hear(event);
  }

  /** Of the sweep, absolute. */
  get folder(): string {
    return this.#log.folder;
  }

  /** Throws UserError where the disk does not take it: then nobody has heard of it. */
  emit(event: SweepEvent): void {
    this.#log.append(event);
    this.#hear(event);
  }

  recordOf(number: number): TrialRecord {
    const record = this.state.trials.get(number);
    if (!record) throw new Error(`Trial ${number} has not begun.`);
    return record;
  }

  #hear(event: SweepEvent): void {
    this.state.see(event);
    this.#tell(event, this.folder);
  }
}
