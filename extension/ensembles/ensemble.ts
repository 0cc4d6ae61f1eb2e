import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import type { EnsemblePhase } from '../../webview/ensemble/protocol.ts';
import type { ViewItem } from '../ids.ts';
import { configName } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';

/** What this window does with an ensemble just now. */
export interface EnsembleJob {
  stop: AbortController;
  /** Resolves when nothing of it runs any more. */
  done: Promise<unknown>;
}

/** An ensemble on disk: one that this window makes, or another process, or one of earlier days. */
export class Ensemble {
  /** Absolute; its identity. */
  readonly folder: string;
  readonly startedAt: number;
  state: EnsembleState;
  job: EnsembleJob | null = null;
  isElsewhere = false;
  /** Why it could not be made, or cannot be read. */
  message: string | null = null;
  size = 0;
  /** When this window was done with it, by `performance.now()`; 0: it was not made here. */
  leftAt = 0;

  constructor(folder: string) {
    const { begunAt, EnsembleState } = loadCore();
    this.folder = folder;
    this.startedAt = begunAt(folder);
    this.state = new EnsembleState();
  }

  /** Forgets what it has seen: all of it is told again. */
  restart(events: readonly EnsembleEvent[]): void {
    this.state = new (loadCore().EnsembleState)();
    for (const event of events) this.state.see(event);
  }

  get id(): string {
    return basename(this.folder);
  }

  get name(): string {
    const { begun } = this.state;
    return begun ? configName(begun.config) : this.id.replace(/^\d{8}-\d{6}-/, '');
  }

  /** It stands beside `.trainscope/ensembles/<id>`; that of one which did not come to its end is a copy. */
  get config(): vscode.Uri {
    const { begun } = this.state;
    const beside = dirname(dirname(dirname(this.folder)));
    return vscode.Uri.file(
      begun ? join(beside, begun.config) : join(this.folder, loadCore().CONFIG_FILE),
    );
  }

  get phase(): EnsemblePhase {
    const { job, state } = this;
    if (job) {
      if (job.stop.signal.aborted) return 'stopping';
      const { members, progress } = state;
      if (members.size === 0 && progress.size === 0) return 'preparing';
      return [...progress.keys()].every((number) => members.has(number)) ? 'measuring' : 'training';
    }
    if (this.isElsewhere) return 'elsewhere';
    if (state.finished) return 'completed';
    return this.message ? 'failed' : 'stopped';
  }

  get viewItem(): ViewItem {
    if (this.job) return 'ensemble.running';
    return this.isElsewhere ? 'ensemble.elsewhere' : 'ensemble.over';
  }
}
