import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ParameterValues } from '../../core/events/sweep-event.ts';
import type { Taken } from '../../webview/protocol.ts';
import type { FromSweep, ToSweep } from '../../webview/sweep/protocol.ts';
import { actOnFinding } from '../dashboard/actions.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import { type DeskParts, WorkDesk } from '../kept/desk.ts';
import { type ConfigDocuments, configName } from '../language/documents.ts';
import { applyConfigEdits } from '../language/edits.ts';
import { openOrNull, openOrTell } from '../language/opening.ts';
import { loadCore } from '../load-core.ts';
import type { RunStore } from '../runs/store.ts';
import type { Training } from '../training.ts';
import { SWEEPS } from './kind.ts';
import type { SweepStore } from './store.ts';
import type { Sweep } from './sweep.ts';

interface Parts extends DeskParts<Sweep> {
  store: SweepStore;
  runs: RunStore;
  training: Training;
  dashboards: Dashboards;
  documents: ConfigDocuments;
}

type SweepWish = Exclude<FromSweep, Taken | { type: 'ready' }>;

/** Starts sweeps, and does what is wished in their views. */
export class Sweeping {
  readonly desk: WorkDesk<Sweep, SweepWish>;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.desk = new WorkDesk(SWEEPS, parts, (sweep, wish, post) =>
      this.#carryOut(sweep, wish, post),
    );
  }

  /**
   * Searches with a config as it stands in the editor, saved first. Resolves when it has begun, or with null
   * when it was refused; the reason is shown at its place.
   */
  sweep(config: vscode.Uri, options: { showProgress: boolean }): Promise<Sweep | null> {
    const { store, documents } = this.#parts;
    return this.desk.make(config, options, async (document) => {
      const { config: parsed, problems } = documents.parse(document);
      if (parsed && !parsed.sweep && problems.length === 0) return this.#offerExample(document);
      return store.run(config, document.getText());
    });
  }

  async #carryOut(
    sweep: Sweep,
    wish: SweepWish,
    post: (answer: ToSweep) => void,
  ): Promise<unknown> {
    switch (wish.type) {
      case 'curves':
        if (sweep.feed) post({ type: 'curves', curves: sweep.feed.curves(wish.places) });
        return;
      case 'command':
        return this.desk.command(sweep, wish.command);
      case 'use':
        return this.use(sweep, wish.place);
      case 'continue':
        return this.#goOn(sweep, wish.place);
      case 'compare':
        return this.compare(sweep, wish.places);
      case 'ask':
        return this.#parts.store.setAsks(sweep, wish.asks);
      case 'begin':
        return sweep.next?.begin(wish.ranges);
      case 'finding':
        return actOnFinding(sweep.config, sweep.findings, wish);
    }
  }

  /** Writes the values of a trial into the config: one edit, one undo. */
  async use(sweep: Sweep, place: number): Promise<void> {
    const values = this.#valuesOf(sweep, place);
    if (!values || !sweep.feed) return;
    const document = await openOrTell(sweep.config);
    if (!document) return;
    await vscode.window.showTextDocument(document, {
      preserveFocus: true,
      viewColumn: vscode.ViewColumn.One,
    });
    const edits = loadCore().editsOf(sweep.feed.space, values);
    const refusal = await applyConfigEdits(document, edits, document.version);
    const told = vscode.l10n.t('The values of trial {0} are in the config', place + 1);
    if (refusal) vscode.window.showWarningMessage(refusal);
    else vscode.window.setStatusBarMessage(told, 5000);
  }

  /** Shows the runs of trials in one dashboard; the first has the focus. */
  async compare(sweep: Sweep, places: readonly number[]): Promise<void> {
    const folders = places.flatMap((place) => this.#folderOf(sweep, place) ?? []);
    const none = vscode.l10n.t('This trial has left no run: it never began to train.');
    await this.#parts.dashboards.compare(folders, none);
  }

  async #goOn(sweep: Sweep, place: number): Promise<void> {
    const { runs, documents, training } = this.#parts;
    const folder = this.#folderOf(sweep, place);
    const run = folder && (await runs.open(folder));
    if (!run) return;
    const document = await openOrNull(sweep.config);
    const config = document && documents.parse(document).config;
    const done = Math.floor(run.summary.epoch);
    const wanted = Math.max(config?.training.epochs ?? 0, done + 1);
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Continue trial {0}', place + 1),
      // Scores are compared at the same epochs: the table keeps the sweep's own.
      prompt: vscode.l10n.t(
        'It has {0} epochs. How many shall it have? Its dashboard shows them; the sweep goes on judging all trials as it has trained them.',
        done,
      ),
      value: String(wanted),
      validateInput: (value) =>
        Number.isInteger(Number(value)) && Number(value) > done
          ? null
          : vscode.l10n.t('A whole number above {0}.', done),
    });
    if (text !== undefined) await training.prolong(run, Number(text));
  }

  #valuesOf({ feed }: Sweep, place: number): ParameterValues | null {
    return feed?.state.trials.get(place + 1)?.started.parameters ?? null;
  }

  #folderOf({ folder, feed }: Sweep, place: number): string | null {
    const run = feed?.state.trials.get(place + 1)?.run;
    return run ? join(folder, run) : null;
  }

  /** A config that says nothing of a search gets an example to begin with. */
  async #offerExample(document: vscode.TextDocument): Promise<null> {
    const add = vscode.l10n.t('Add One');
    const message = vscode.l10n.t(
      '{0} says nothing of a search. Add one of learning rate, to begin with?',
      configName(document.uri.path),
    );
    if ((await vscode.window.showInformationMessage(message, add)) !== add) return null;
    const value = {
      parameters: { 'optimizer.learningRate': { log: [1e-5, 1] } },
      stages: [
        { trials: 20, epochs: 1 },
        { trials: 8, epochs: 5 },
      ],
    };
    await vscode.window.showTextDocument(document);
    await applyConfigEdits(document, [{ path: ['sweep'], value }], document.version);
    return null;
  }
}
