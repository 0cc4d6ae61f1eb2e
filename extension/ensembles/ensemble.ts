import * as vscode from 'vscode';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import type { EnsembleActivity } from '../../webview/ensemble/protocol.ts';
import { formatFraction } from '../format.ts';
import type { ViewItem } from '../ids.ts';
import { Work } from '../kept/work.ts';
import { configName } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';

/** An ensemble on disk: one that this window makes, or another process, or one of earlier days. */
export class Ensemble extends Work<EnsembleEvent, EnsembleActivity> {
  readonly startedAt: number;
  state: EnsembleState;
  /** What was told since it was asked: of the epochs of a member, the last. */
  #news: EnsembleEvent[] = [];

  constructor(folder: string) {
    super(folder);
    const { begunAt, EnsembleState } = loadCore();
    this.startedAt = begunAt(folder);
    this.state = new EnsembleState();
  }

  restart(): void {
    this.state = new (loadCore().EnsembleState)();
    this.#news = [];
  }

  see(event: EnsembleEvent): void {
    this.state.see(event);
    if (event.type === 'progress')
      this.#news = this.#news.filter(
        (other) => other.type !== 'progress' || other.number !== event.number,
      );
    this.#news.push(event);
  }

  /** All that it told, so far as it still holds. */
  everything(): EnsembleEvent[] {
    this.#news = [];
    return this.state.events();
  }

  news(): EnsembleEvent[] {
    return this.#news.splice(0);
  }

  get name(): string {
    const { begun } = this.state;
    return begun ? configName(begun.config) : this.id.replace(/^\d{8}-\d{6}-/, '');
  }

  /** That of an ensemble which does not say how it began is the copy in its folder. */
  get config(): vscode.Uri {
    const { begun } = this.state;
    const folder = vscode.Uri.file(this.folder);
    return begun ? this.beside(begun.config) : vscode.Uri.joinPath(folder, loadCore().CONFIG_FILE);
  }

  get share(): number {
    return this.state.share;
  }

  get isComplete(): boolean {
    return this.state.finished !== null;
  }

  /** e.g. `snapshots by average · accuracy 0.968`, or how far it is. */
  get description(): string {
    const { state, phase } = this;
    if (!state.finished) {
      if (phase !== 'training') return this.phaseName;
      const { begun, members } = state;
      return vscode.l10n.t('{0}/{1} trained', members.size, begun?.runs ?? 0);
    }
    const { method, combine, validation } = state.finished.best;
    const what = combine ? vscode.l10n.t('{0} by {1}', method, combine) : method;
    const { accuracy, r2, loss } = validation;
    if (accuracy !== null) return `${what} · accuracy ${formatFraction(accuracy)}`;
    if (r2 !== null) return `${what} · R² ${formatFraction(r2)}`;
    return loss === null ? what : `${what} · loss ${formatFraction(loss)}`;
  }

  get viewItem(): ViewItem {
    if (this.job) return 'ensemble.running';
    if (this.isElsewhere) return 'ensemble.elsewhere';
    return this.canGoOn ? 'ensemble.stopped' : 'ensemble.over';
  }

  /** Those of earlier versions do not say how they began. */
  protected get isKnown(): boolean {
    return this.state.begun !== null;
  }

  protected get activity(): EnsembleActivity | 'preparing' {
    const { members, progress } = this.state;
    if (members.size === 0 && progress.size === 0) return 'preparing';
    return [...progress.keys()].every((number) => members.has(number)) ? 'measuring' : 'training';
  }

  protected phaseNames() {
    const { t } = vscode.l10n;
    return {
      training: t('training'),
      measuring: t('comparing'),
      elsewhere: t('made by another process'),
    };
  }
}
