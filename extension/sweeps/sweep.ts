import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Finding } from '../../core/events/finding.ts';
import type { RangesNow, SweepEvent, SweepStartedEvent } from '../../core/events/sweep-event.ts';
import type { SweepFeed } from '../../core/sweep/feed.ts';
import type { Proposal } from '../../core/sweep/sweep.ts';
import type { SweepPhase } from '../../webview/sweep/protocol.ts';
import type { ViewItem } from '../ids.ts';
import { loadCore } from '../load-core.ts';

/** What this window does with a sweep just now. */
export interface SweepJob {
  stop: AbortController;
  /** Resolves when nothing of it runs any more. */
  done: Promise<unknown>;
  /** The stage that waits to begin. */
  next: { proposal: Proposal; begin(ranges: RangesNow | null): void } | null;
}

/** A sweep on disk: one that goes on in this window, in another process, or not any more. */
export class Sweep {
  /** Absolute; its identity. */
  readonly folder: string;
  readonly started: SweepStartedEvent;
  /** What its log tells; null where its config cannot be read any more. */
  feed: SweepFeed | null = null;
  job: SweepJob | null = null;
  /** It waits before each stage but the first. */
  asks = false;
  isElsewhere = false;
  /** What kept it from going on, or from being read. */
  message: string | null = null;
  size = 0;
  /** When this window last went on with it, by `performance.now()`; 0: it has not. */
  leftAt = 0;

  constructor(folder: string, started: SweepStartedEvent) {
    this.folder = folder;
    this.started = started;
    this.restart();
  }

  /** Forgets what it has seen: all of it is told again. */
  restart(): void {
    try {
      this.feed = new (loadCore().SweepFeed)(this.started.configText, this.config.fsPath);
    } catch (error) {
      if (!(error instanceof loadCore().UserError)) throw error;
      this.message = error.message;
    }
  }

  see(event: SweepEvent): void {
    this.feed?.see(event);
  }

  get id(): string {
    return basename(this.folder);
  }

  /** The runs of its trials. */
  get runsFolder(): string {
    return join(this.folder, loadCore().TRIALS_FOLDER);
  }

  /** It stands beside `.trainscope/sweeps/<id>`. */
  get config(): vscode.Uri {
    const beside = dirname(dirname(dirname(this.folder)));
    return vscode.Uri.file(join(beside, this.started.config));
  }

  get phase(): SweepPhase {
    if (this.job) {
      if (this.job.stop.signal.aborted) return 'stopping';
      return this.feed && this.feed.state.trials.size > 0 ? 'running' : 'preparing';
    }
    if (this.isElsewhere) return 'elsewhere';
    if (this.feed?.state.finished) return 'completed';
    return this.message ? 'failed' : 'stopped';
  }

  get findings(): readonly Finding[] {
    return this.feed?.state.finished?.findings ?? [];
  }

  get viewItem(): ViewItem {
    const { phase } = this;
    if (this.job) return 'sweep.running';
    if (phase === 'elsewhere') return 'sweep.elsewhere';
    return phase === 'completed' ? 'sweep.finished' : 'sweep.stopped';
  }
}
