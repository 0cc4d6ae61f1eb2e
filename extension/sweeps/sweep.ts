import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Finding } from '../../core/events/finding.ts';
import type { RangesNow, SweepEvent, SweepStartedEvent } from '../../core/events/sweep-event.ts';
import type { SweepFeed } from '../../core/sweep/feed.ts';
import type { Proposal } from '../../core/sweep/sweep.ts';
import { formatFraction } from '../format.ts';
import type { ViewItem } from '../ids.ts';
import { Work } from '../kept/work.ts';
import { loadCore } from '../load-core.ts';

/** Always the same: who compares sees that nothing has changed. */
const NONE: readonly Finding[] = [];

/** A sweep on disk: one that goes on in this window, in another process, or not any more. */
export class Sweep extends Work<SweepEvent, 'running'> {
  readonly started: SweepStartedEvent;
  /** What its log tells; null where its config cannot be read any more. */
  feed: SweepFeed | null = null;
  /** It waits before each stage but the first. */
  asks = false;
  /** The stage that waits to begin. */
  next: { proposal: Proposal; begin(ranges: RangesNow | null): void } | null = null;

  constructor(folder: string, started: SweepStartedEvent) {
    super(folder);
    this.started = started;
  }

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

  get name(): string {
    return this.started.name;
  }

  get startedAt(): number {
    return this.started.startedAt;
  }

  /** The runs of its trials. */
  get runsFolder(): string {
    return join(this.folder, loadCore().TRIALS_FOLDER);
  }

  get config(): vscode.Uri {
    return this.beside(this.started.config);
  }

  get share(): number {
    const planned = this.feed?.facts().planned ?? 0;
    return planned > 0 ? this.#ended / planned : 0;
  }

  get isComplete(): boolean {
    return Boolean(this.feed?.state.finished);
  }

  /** e.g. `accuracy 0.968 · 145/145 trials`. */
  get description(): string {
    if (!this.feed) return vscode.l10n.t('unreadable');
    const { best, planned, quality } = this.feed.facts();
    const record = best && this.feed.state.trials.get(best.place + 1)?.ended;
    const metrics = record && (record.validation ?? record.train);
    const score = best?.seeds?.mean ?? metrics?.accuracy ?? metrics?.r2 ?? null;
    const parts = score === null ? [] : [`${quality} ${formatFraction(score)}`];
    return [...parts, vscode.l10n.t('{0}/{1} trials', this.#ended, planned)].join(' · ');
  }

  get findings(): readonly Finding[] {
    return this.feed?.state.finished?.findings ?? NONE;
  }

  get viewItem(): ViewItem {
    if (this.job) return 'sweep.running';
    if (this.isElsewhere) return 'sweep.elsewhere';
    return this.isComplete ? 'sweep.finished' : 'sweep.stopped';
  }

  protected get isKnown(): boolean {
    return true;
  }

  protected get activity(): 'preparing' | 'running' {
    return this.feed && this.feed.state.trials.size > 0 ? 'running' : 'preparing';
  }

  protected phaseNames() {
    const { t } = vscode.l10n;
    return { running: t('searching'), elsewhere: t('searching in another process') };
  }

  get #ended(): number {
    const trials = [...(this.feed?.state.trials.values() ?? [])];
    return trials.filter(({ ended }) => ended).length;
  }
}
