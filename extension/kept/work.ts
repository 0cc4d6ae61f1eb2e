import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { WorkFacts, WorkPhase } from '../../webview/work/protocol.ts';
import type { ViewItem } from '../ids.ts';
import { formatTime } from '../sidebar/runs.ts';
import type { Kept } from './folders.ts';

/** What this window does with a work just now. */
export interface Job {
  readonly stop: AbortController;
  /** Resolves when nothing of it runs any more. */
  done: Promise<unknown>;
}

/**
 * Many trainings with one aim, a sweep or an ensemble, in its folder on disk: this window goes on with it, or another
 * process, or nobody any more. `Activity`: the phases that only its kind has.
 */
export abstract class Work<Event = unknown, Activity extends string = string> implements Kept {
  /** Absolute; its identity. */
  readonly folder: string;
  job: Job | null = null;
  isElsewhere = false;
  /** What kept it from going on, or from being read. */
  message: string | null = null;
  /** Bytes on disk, when last looked at. */
  size = 0;
  leftAt = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  abstract get name(): string;
  abstract get startedAt(): number;
  abstract get config(): vscode.Uri;
  /** What has come of it, or how far it is. */
  abstract get description(): string;
  /** Of all that is planned, what is done: 0 to 1. */
  abstract get share(): number;
  abstract get isComplete(): boolean;
  abstract get viewItem(): ViewItem;
  /** What it told is enough for somebody to go on with it. */
  protected abstract get isKnown(): boolean;
  /** What this window is at with it. */
  protected abstract get activity(): Activity | 'preparing';
  protected abstract phaseNames(): { [P in Activity | 'elsewhere']: string };

  /** Forgets what it was told: all of it is told again. */
  abstract restart(): void;
  abstract see(event: Event): void;

  get id(): string {
    return basename(this.folder);
  }

  get isOurs(): boolean {
    return this.job !== null;
  }

  /** Its name among others of the same config. */
  get label(): string {
    return `${this.name} · ${formatTime(this.startedAt)}`;
  }

  get phase(): WorkPhase | Activity {
    if (this.job) return this.job.stop.signal.aborted ? 'stopping' : this.activity;
    if (this.isElsewhere) return 'elsewhere';
    if (this.isComplete) return 'completed';
    return this.message ? 'failed' : 'stopped';
  }

  /** Nobody is at it, and somebody could go on with it. */
  get canGoOn(): boolean {
    return this.isKnown && (this.phase === 'stopped' || this.phase === 'failed');
  }

  get phaseName(): string {
    const { t } = vscode.l10n;
    const names = {
      preparing: t('preparing'),
      stopping: t('stopping'),
      completed: t('completed'),
      stopped: t('stopped'),
      failed: t('failed'),
      ...this.phaseNames(),
    };
    return names[this.phase];
  }

  get facts(): WorkFacts<Activity> {
    const { folder, label, phase, message, canGoOn } = this;
    return { id: folder, name: label, phase, message, canGoOn };
  }

  /** A file that stands beside its `.trainscope`. */
  protected beside(file: string): vscode.Uri {
    return vscode.Uri.file(join(dirname(dirname(dirname(this.folder))), file));
  }
}
