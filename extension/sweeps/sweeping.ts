import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ParameterValues } from '../../core/events/sweep-event.ts';
import type { SweepCommand } from '../../webview/sweep/protocol.ts';
import { tellProblem } from '../checks/checker.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import type { CommandId } from '../ids.ts';
import type { ConfigDiagnostics } from '../language/diagnostics.ts';
import { type ConfigDocuments, configName } from '../language/documents.ts';
import { applyConfigEdits } from '../language/edits.ts';
import { loadCore } from '../load-core.ts';
import { reveal } from '../runs/reveal.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import type { Training } from '../training.ts';
import { whyNotOnDisk } from '../trust.ts';
import type { SweepWish } from './panel.ts';
import { SweepPanels } from './panels.ts';
import type { SweepStore } from './store.ts';
import type { Sweep } from './sweep.ts';
import { describe } from './tree.ts';

interface Parts {
  store: SweepStore;
  runs: RunStore;
  training: Training;
  dashboards: Dashboards;
  documents: ConfigDocuments;
  diagnostics: ConfigDiagnostics;
  dist: vscode.Uri;
}

const FINDING_COMMANDS = {
  open: 'trainscope.openFinding',
  explain: 'trainscope.explainRule',
  fix: 'trainscope.applyFix',
} as const satisfies { [action: string]: CommandId };

/** Starts sweeps, does what is wished in their views, and tells what became of them. */
export class Sweeping {
  readonly panels: SweepPanels;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.panels = new SweepPanels(parts.store, parts.dist, (sweep, wish) =>
      this.#carryOut(sweep, wish),
    );
  }

  /**
   * Searches with a config as it stands in the editor, saved first. Resolves when it has begun, or with null
   * when it was refused; the reason is shown at its place.
   */
  async sweep(config: vscode.Uri, options: { showProgress: boolean }): Promise<Sweep | null> {
    const refusal = whyNotOnDisk(config);
    if (refusal) {
      vscode.window.showErrorMessage(refusal);
      return null;
    }
    const document = await vscode.workspace.openTextDocument(config);
    if (document.isDirty) await document.save();
    const going = this.#parts.store.of(config).find(({ job }) => job);
    if (going) {
      this.panels.show(going);
      return going;
    }
    const { config: parsed, problems } = this.#parts.documents.parse(document);
    if (parsed && !parsed.sweep && problems.length === 0) return this.#offerExample(document);
    return this.#begin(document, null, options);
  }

  /** Goes on with a sweep that was stopped, with the config that it began with. */
  async resume(sweep: Sweep, options: { showProgress: boolean }): Promise<Sweep | null> {
    try {
      const document = await vscode.workspace.openTextDocument(sweep.config);
      return await this.#begin(document, sweep, options);
    } catch (error) {
      vscode.window.showErrorMessage(messageOf(error));
      return null;
    }
  }

  async #begin(
    document: vscode.TextDocument,
    resume: Sweep | null,
    { showProgress }: { showProgress: boolean },
  ): Promise<Sweep | null> {
    const { store } = this.#parts;
    try {
      const sweep = await store.run(document.uri, document.getText(), resume);
      this.panels.show(sweep);
      if (showProgress) void this.#showProgress(sweep);
      void this.#report(sweep);
      return sweep;
    } catch (error) {
      await this.#refused(document, error);
      return null;
    }
  }

  async #carryOut(sweep: Sweep, wish: SweepWish): Promise<void> {
    const { store } = this.#parts;
    switch (wish.type) {
      case 'command':
        await this.#command(sweep, wish.command);
        break;
      case 'use':
        await this.use(sweep, wish.place);
        break;
      case 'continue':
        await this.#goOn(sweep, wish.place);
        break;
      case 'compare':
        await this.compare(sweep, wish.places);
        break;
      case 'ask':
        store.setAsks(sweep, wish.asks);
        break;
      case 'begin':
        sweep.job?.next?.begin(wish.ranges);
        break;
      case 'finding': {
        const finding = sweep.findings.find(
          (one) => one.rule === wish.rule && one.path.join() === wish.path.join(),
        );
        if (!finding) return;
        const { version } = await vscode.workspace.openTextDocument(sweep.config);
        const argument = { uri: sweep.config, finding, fix: wish.fix, version };
        await vscode.commands.executeCommand(FINDING_COMMANDS[wish.action], argument);
        break;
      }
    }
  }

  async #command(sweep: Sweep, command: SweepCommand): Promise<void> {
    const stop: CommandId = 'trainscope.stopSweep';
    const resume: CommandId = 'trainscope.resumeSweep';
    if (command === 'openConfig') await vscode.window.showTextDocument(sweep.config);
    else if (command === 'reveal') await reveal(sweep.folder);
    else await vscode.commands.executeCommand(command === 'stop' ? stop : resume, sweep);
  }

  /** Writes the values of a trial into the config: one edit, one undo. */
  async use(sweep: Sweep, place: number): Promise<void> {
    const values = this.#valuesOf(sweep, place);
    if (!values || !sweep.feed) return;
    try {
      const document = await vscode.workspace.openTextDocument(sweep.config);
      await vscode.window.showTextDocument(document, {
        preserveFocus: true,
        viewColumn: vscode.ViewColumn.One,
      });
      const edits = loadCore().editsOf(sweep.feed.space, values);
      const refusal = await applyConfigEdits(document, edits, document.version);
      if (refusal) vscode.window.showWarningMessage(refusal);
      else
        vscode.window.setStatusBarMessage(
          vscode.l10n.t('The values of trial {0} are in the config', place + 1),
          5000,
        );
    } catch (error) {
      vscode.window.showWarningMessage(messageOf(error));
    }
  }

  /** Shows the runs of trials in one dashboard; the first has the focus. */
  async compare(sweep: Sweep, places: readonly number[]): Promise<void> {
    const { dashboards } = this.#parts;
    const runs = await Promise.all(places.map((place) => this.#runOf(sweep, place)));
    const found = runs.filter((run) => run !== null);
    if (found.length === 0) {
      vscode.window.showInformationMessage(
        vscode.l10n.t('This trial has left no run: it never began to train.'),
      );
      return;
    }
    for (const run of found.reverse()) dashboards.show(run);
  }

  async #goOn(sweep: Sweep, place: number): Promise<void> {
    const run = await this.#runOf(sweep, place);
    if (!run) return;
    const { config } = this.#parts.documents.parse(
      await vscode.workspace.openTextDocument(sweep.config),
    );
    const done = Math.floor(run.summary.epoch);
    const wanted = Math.max(config?.training.epochs ?? 0, done + 1);
    const text = await vscode.window.showInputBox({
      title: vscode.l10n.t('Continue trial {0}', place + 1),
      prompt: vscode.l10n.t('It has {0} epochs. How many shall it have?', done),
      value: String(wanted),
      validateInput: (value) =>
        Number.isInteger(Number(value)) && Number(value) > done
          ? null
          : vscode.l10n.t('A whole number above {0}.', done),
    });
    if (text !== undefined) await this.#parts.training.prolong(run, Number(text));
  }

  #valuesOf({ feed }: Sweep, place: number): ParameterValues | null {
    return feed?.state.trials.get(place + 1)?.started.parameters ?? null;
  }

  async #runOf(sweep: Sweep, place: number): Promise<Run | null> {
    const run = sweep.feed?.state.trials.get(place + 1)?.run;
    return run ? this.#parts.runs.open(join(sweep.folder, run)) : null;
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

  async #refused(document: vscode.TextDocument, error: unknown): Promise<void> {
    const message = messageOf(error);
    const path = error instanceof loadCore().UserError ? error.place.path : undefined;
    if (!path) {
      vscode.window.showErrorMessage(`${configName(document.uri.path)}: ${message}`);
      return;
    }
    const problem = await this.#parts.diagnostics.refuse(document, path, message);
    void tellProblem(document, problem, 1);
  }

  /** A sweep started from the palette may have no editor in sight: a bar with numbers, and Cancel. */
  async #showProgress(sweep: Sweep): Promise<void> {
    const { store } = this.#parts;
    const title = vscode.l10n.t('Sweep of {0}', sweep.started.name);
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      const cancelling = token.onCancellationRequested(() => sweep.job?.stop.abort());
      let shown = -1;
      const following = store.onDidChange((changed) => {
        const trials = [...(sweep.feed?.state.trials.values() ?? [])];
        const ended = trials.filter((trial) => trial.ended).length;
        if (changed !== sweep || ended === shown) return;
        const planned = sweep.feed?.facts().planned ?? 0;
        const increment = planned > 0 ? (100 * (ended - Math.max(0, shown))) / planned : 0;
        shown = ended;
        progress.report({ message: describe(sweep), increment });
      });
      return (sweep.job?.done ?? Promise.resolve()).then(() => {
        cancelling.dispose();
        following.dispose();
      });
    });
  }

  /** What came of it, unless its view says so already. */
  async #report(sweep: Sweep): Promise<void> {
    await sweep.job?.done;
    const open = vscode.l10n.t('Open Sweep');
    const { name } = sweep.started;
    if (sweep.message) {
      const text = vscode.l10n.t('The sweep of {0} could not go on: {1}', name, sweep.message);
      if ((await vscode.window.showErrorMessage(text, open)) === open) this.panels.show(sweep);
      return;
    }
    if (sweep.phase !== 'completed' || this.panels.at(sweep)?.panel.visible) return;
    const text = vscode.l10n.t('The sweep of {0} is complete: {1}', name, describe(sweep));
    if ((await vscode.window.showInformationMessage(text, open)) === open) this.panels.show(sweep);
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
