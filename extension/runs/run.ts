import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { RunHistory } from '../../core/runs/history.ts';
import type { RunHandle } from '../../core/session/launch.ts';
import type { ViewItem } from '../ids.ts';
import type { Kept } from '../kept/folders.ts';
import { loadCore } from '../load-core.ts';
import { isActive, type RunSummary } from './summary.ts';

/** A run on disk: one that trains in a worker of ours, in another process, or not any more. */
export class Run implements Kept {
  /** Absolute; the run's identity. */
  readonly folder: string;
  readonly summary: RunSummary;
  /** Bytes on disk, when last looked at. */
  size = 0;
  leftAt = 0;
  /** Set while one of our workers trains it. */
  handle: RunHandle | null = null;
  /** All its events, while somebody trains it. */
  history: RunHistory | null = null;

  constructor(folder: string, summary: RunSummary) {
    this.folder = folder;
    this.summary = summary;
  }

  /** The folder's name: unique within `runsFolder`, and sortable by time. */
  get id(): string {
    return basename(this.folder);
  }

  get runsFolder(): string {
    return dirname(this.folder);
  }

  /** The config it was started from: it stands beside `.trainscope`. */
  get config(): vscode.Uri {
    return vscode.Uri.file(join(loadCore().configFolderOf(this.folder), this.summary.config));
  }

  /** It belongs to a sweep: `.trainscope/sweeps/<sweep>/runs/<id>`. */
  get isTrial(): boolean {
    return basename(dirname(this.runsFolder)) !== '.trainscope';
  }

  get isOurs(): boolean {
    return this.handle !== null;
  }

  get active(): boolean {
    return isActive(this.summary.state);
  }

  get viewItem(): ViewItem {
    const { state } = this.summary;
    // Another process trains it: it can be looked at, and nothing else.
    if (this.active && !this.handle) return 'run.elsewhere';
    return state === 'preparing' || state === 'training' || state === 'paused'
      ? `run.${state}`
      : 'run.finished';
  }
}
