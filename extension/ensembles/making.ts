import * as vscode from 'vscode';
import type { EnsembleMethod } from '../../core/config/index.ts';
import type { EnsembleCommand } from '../../webview/ensemble/protocol.ts';
import { tellProblem } from '../checks/checker.ts';
import type { Dashboards } from '../dashboard/dashboards.ts';
import type { CommandId } from '../ids.ts';
import type { ConfigDiagnostics } from '../language/diagnostics.ts';
import { type ConfigDocuments, configName } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';
import { reveal } from '../runs/reveal.ts';
import type { RunStore } from '../runs/store.ts';
import { whyNotOnDisk } from '../trust.ts';
import type { Ensemble } from './ensemble.ts';
import { EnsemblePanels } from './panels.ts';
import { pickMethod } from './pick.ts';
import type { EnsembleStore } from './store.ts';
import { describe } from './tree.ts';

interface Parts {
  store: EnsembleStore;
  runs: RunStore;
  dashboards: Dashboards;
  documents: ConfigDocuments;
  diagnostics: ConfigDiagnostics;
  dist: vscode.Uri;
}

/** `ask`: the user chooses; `compare`: all that apply; `config`: the method that the config names, or the usual one. */
export type Which = 'ask' | 'compare' | 'config';

/** Makes ensembles, does what is wished in their views, and tells what became of them. */
export class EnsembleMaking {
  readonly panels: EnsemblePanels;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.panels = new EnsemblePanels(parts.store, parts.dist, {
      command: (ensemble, command) => this.#command(ensemble, command),
      open: (ensemble, members) => this.open(ensemble, members),
    });
  }

  /**
   * Makes an ensemble of a config as it stands in the editor, saved first. Resolves when it has begun, or with
   * null when it was refused; the reason is shown at its place.
   */
  async make(
    config: vscode.Uri,
    { which, showProgress }: { which: Which; showProgress: boolean },
  ): Promise<Ensemble | null> {
    const refusal = whyNotOnDisk(config);
    if (refusal) {
      vscode.window.showErrorMessage(refusal);
      return null;
    }
    const { store, documents } = this.#parts;
    const document = await vscode.workspace.openTextDocument(config);
    if (document.isDirty) await document.save();
    const going = store.of(config).find(({ job }) => job);
    if (going) {
      this.panels.show(going);
      return going;
    }
    const parsed = documents.parse(document).config;
    const chosen = which === 'ask' && parsed ? await pickMethod(parsed) : which;
    if (chosen === null) return null;
    try {
      const text = textFor(document, chosen);
      const ensemble = await store.make(config, text, chosen === 'compare');
      this.panels.show(ensemble);
      if (showProgress) void this.#showProgress(ensemble);
      void this.#report(ensemble);
      return ensemble;
    } catch (error) {
      await this.#refused(document, error);
      return null;
    }
  }

  /** Shows the runs of members in one dashboard; the first has the focus. */
  async open({ state }: Ensemble, members: readonly number[]): Promise<void> {
    const { runs, dashboards } = this.#parts;
    const folders = members.flatMap((number) => state.members.get(number)?.run ?? []);
    const found = (await Promise.all(folders.map((folder) => runs.open(folder)))).filter(
      (run) => run !== null,
    );
    if (found.length === 0) {
      vscode.window.showInformationMessage(
        vscode.l10n.t('The runs of these members are not there any more.'),
      );
      return;
    }
    for (const run of found.reverse()) dashboards.show(run);
  }

  async #command(ensemble: Ensemble, command: EnsembleCommand): Promise<void> {
    const stop: CommandId = 'trainscope.stopEnsemble';
    if (command === 'openConfig') await vscode.window.showTextDocument(ensemble.config);
    else if (command === 'reveal') await reveal(ensemble.folder);
    else await vscode.commands.executeCommand(stop, ensemble);
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

  /** One that was started from the palette may have no editor in sight: a bar with numbers, and Cancel. */
  async #showProgress(ensemble: Ensemble): Promise<void> {
    const { store } = this.#parts;
    const title = vscode.l10n.t('Ensemble of {0}', ensemble.name);
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      const cancelling = token.onCancellationRequested(() => ensemble.job?.stop.abort());
      let shown = 0;
      const following = store.onDidChange((changed) => {
        const share = 100 * ensemble.state.share;
        if (changed !== ensemble || share - shown < 1) return;
        progress.report({ message: describe(ensemble), increment: share - shown });
        shown = share;
      });
      return (ensemble.job?.done ?? Promise.resolve()).then(() => {
        cancelling.dispose();
        following.dispose();
      });
    });
  }

  /** What came of it, unless its view says so already. */
  async #report(ensemble: Ensemble): Promise<void> {
    await ensemble.job?.done;
    const open = vscode.l10n.t('Open Ensemble');
    const { name, message, phase } = ensemble;
    const isSeen = this.panels.at(ensemble)?.panel.visible;
    if (message) {
      const text = vscode.l10n.t('The ensemble of {0} could not be made: {1}', name, message);
      if ((await vscode.window.showErrorMessage(text, open)) === open) this.panels.show(ensemble);
      return;
    }
    if (phase !== 'completed' || isSeen) return;
    const text = vscode.l10n.t('The ensemble of {0} is made; best: {1}', name, describe(ensemble));
    if ((await vscode.window.showInformationMessage(text, open)) === open)
      this.panels.show(ensemble);
  }
}

/** The config, but for the method where the user has chosen one. */
function textFor(document: vscode.TextDocument, chosen: Which | EnsembleMethod): string {
  const text = document.getText();
  const { applyEdits, ENSEMBLE_METHODS, replaceAll } = loadCore();
  const method = ENSEMBLE_METHODS.find((one) => one === chosen);
  if (!method) return text;
  const edit = { path: ['ensemble', 'method'], value: method };
  return replaceAll(text, applyEdits(text, document.uri.path, [edit]));
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
