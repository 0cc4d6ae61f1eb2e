import { join } from 'node:path';
import type * as vscode from 'vscode';
import type { RunEvent } from '../../core/events/run-event.ts';
import { loadCore } from '../load-core.ts';
import { isActive } from './summary.ts';

/** A killed process writes nothing: its end is noticed by looking this often. */
const PULSE = 3000;

/** A run that another process trains: its events from the log, and its end however it comes. */
export class FollowedRun implements vscode.Disposable {
  readonly #folder: string;
  readonly #ended: () => void;
  readonly #tail: { dispose(): void };
  readonly #pulse: NodeJS.Timeout;

  /** `ended` is called once: the log is complete, or its owner is dead. */
  constructor(folder: string, received: (events: RunEvent[]) => void, ended: () => void) {
    const { LOG_FILE, tailRunLog } = loadCore();
    this.#folder = folder;
    this.#ended = ended;
    this.#tail = tailRunLog(join(folder, LOG_FILE), 0, received, () => this.#end());
    this.#pulse = setInterval(() => void this.#look(), PULSE);
  }

  dispose(): void {
    clearInterval(this.#pulse);
    this.#tail.dispose();
  }

  async #look(): Promise<void> {
    const listing = await loadCore().listRun(this.#folder);
    if (!listing || !isActive(listing.state)) this.#end();
  }

  #end(): void {
    this.dispose();
    this.#ended();
  }
}
