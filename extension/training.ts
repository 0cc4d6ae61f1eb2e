import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunHandle } from '../core/session/launch.ts';
import type { Dashboards } from './dashboard/dashboards.ts';
import { formatNumber } from './format.ts';
import { folderBeside } from './kept/folders.ts';
import type { ConfigDiagnostics } from './language/diagnostics.ts';
import { configName } from './language/documents.ts';
import { openOrNull, savedConfig } from './language/opening.ts';
import { loadCore } from './load-core.ts';
import { showProgress } from './progress.ts';
import { tellRefusal } from './refusal.ts';
import { stop } from './runs/ask.ts';
import type { Run } from './runs/run.ts';
import type { EarlierRun, RunStore } from './runs/store.ts';
import { formatEpoch, stateName } from './sidebar/runs.ts';
import { readableRoots, whyNotOnDisk } from './trust.ts';

const PATIENCE = 1000;

/** Starts runs, and tells their user what became of them. */
export class Training {
  readonly #store: RunStore;
  readonly #diagnostics: ConfigDiagnostics;
  readonly #dashboards: Dashboards;

  constructor(store: RunStore, diagnostics: ConfigDiagnostics, dashboards: Dashboards) {
    this.#store = store;
    this.#diagnostics = diagnostics;
    this.#dashboards = dashboards;
  }

  /**
   * Trains a config as it stands in the editor, saved first. Resolves when the run has begun, or
   * with null when it was refused; the reason is shown at its place.
   */
  async train(config: vscode.Uri, options: { showProgress: boolean }): Promise<Run | null> {
    const document = await savedConfig(config);
    if (!document) return null;
    const run = await this.#launch(config, document.getText(), document);
    if (run && options.showProgress) void this.#showProgress(run);
    return run;
  }

  /**
   * Goes on with a run that has ended, from its last checkpoint: with its config as it stands in the
   * editor (which may ask for more epochs) or, where that has become another network's, with the one
   * that the run has kept. Resolves as `train` does.
   */
  async continue(run: Run): Promise<Run | null> {
    const { config, folder } = run;
    const refusal = whyNotOnDisk(config);
    if (refusal) {
      vscode.window.showErrorMessage(refusal);
      return null;
    }
    try {
      const kept = await readFile(join(folder, loadCore().CONFIG_FILE), 'utf8');
      const document = await openOrNull(config);
      // Taken once: the document may change while the history is read.
      const text = document?.getText() ?? null;
      const current = text !== null && canGoOnWith(kept, text) ? document : null;
      if (!current) {
        vscode.window.showInformationMessage(
          vscode.l10n.t(
            '{0} goes on with the config that it was started with: the file has changed since, or is gone.',
            run.summary.name,
          ),
        );
      }
      const history = await this.#store.history(run);
      await history.readInside();
      return await this.#launch(config, (current && text) ?? kept, current, { run, history });
    } catch (error) {
      await tellRefusal(this.#diagnostics, config, null, error);
      return null;
    }
  }

  /**
   * Goes on with the run of a trial, which has ended, up to so many epochs: with the config that it has kept.
   * Resolves as `train` does.
   */
  async prolong(run: Run, epochs: number): Promise<Run | null> {
    const { applyEdits, CONFIG_FILE, replaceAll } = loadCore();
    const { config, folder } = run;
    try {
      const kept = await readFile(join(folder, CONFIG_FILE), 'utf8');
      const edit = { path: ['training', 'epochs'], value: epochs };
      const text = replaceAll(kept, applyEdits(kept, CONFIG_FILE, [edit]));
      const history = await this.#store.history(run);
      await history.readInside();
      return await this.#launch(config, text, null, { run, history });
    } catch (error) {
      await tellRefusal(this.#diagnostics, config, null, error);
      return null;
    }
  }

  /** `document`: where the text stands, if it does. */
  async #launch(
    config: vscode.Uri,
    configText: string,
    document: vscode.TextDocument | null,
    earlier?: EarlierRun,
  ): Promise<Run | null> {
    const request = {
      configFile: config.fsPath,
      configText,
      runsFolder: earlier?.run.runsFolder ?? folderBeside(config, 'runs'),
      readableRoots: readableRoots(config),
      resume: earlier?.run.folder,
    };
    const handle = this.#store.launch(request);
    const adopted = this.#store.adopt(handle, request, earlier);
    try {
      void showPreparation(configName(config.path), adopted, handle);
      const run = await adopted;
      void this.#report(run);
      this.#dashboards.show(run);
      return run;
    } catch (error) {
      // Cancelled while its data was loaded: nobody has to be told.
      const end = await handle.done.catch(() => null);
      if (end?.reason !== 'stopped') await tellRefusal(this.#diagnostics, config, document, error);
      return null;
    }
  }

  async #showProgress(run: Run): Promise<void> {
    await showProgress({
      title: vscode.l10n.t('Training {0}', run.summary.name),
      of: run,
      changed: this.#store.onDidChange,
      look: () => {
        const { epoch, epochs, loss } = run.summary;
        const message = vscode.l10n.t(
          'epoch {0} of {1}, loss {2}',
          formatEpoch(epoch),
          epochs,
          formatNumber(loss),
        );
        return { share: epochs > 0 ? epoch / epochs : 0, message };
      },
      done: Promise.resolve(run.handle?.done),
      cancel: () => void stop(run.handle),
    });
  }

  /** One notification for a run that ended badly, unless its dashboard says so already. */
  async #report(run: Run): Promise<void> {
    await run.handle?.done.catch(() => null);
    const { name, state, message } = run.summary;
    if (state !== 'diverged' && state !== 'failed') return;
    if (this.#dashboards.at(run.runsFolder)?.isShowing(run)) return;
    const text = `${name} ${stateName(state)}${message ? `: ${message}` : '.'}`;
    const open = vscode.l10n.t('Open Dashboard');
    const chosen =
      state === 'diverged'
        ? await vscode.window.showWarningMessage(text, open)
        : await vscode.window.showErrorMessage(text, open);
    if (chosen === open) this.#dashboards.show(run);
  }
}

function canGoOnWith(before: string, after: string): boolean {
  const { canGoOnWith, parseConfig } = loadCore();
  const [kept, current] = [before, after].map((text) => parseConfig(text, 'config.yaml').config);
  return Boolean(kept && current && canGoOnWith(kept, current));
}

/** Loading large data takes a while: after a second it is shown, and can be cancelled. */
async function showPreparation(
  name: string,
  run: Promise<unknown>,
  handle: RunHandle,
): Promise<void> {
  const settled = run.then(
    () => true,
    () => true,
  );
  const patience = new Promise<boolean>((done) => setTimeout(done, PATIENCE, false).unref());
  if (await Promise.race([settled, patience])) return;
  const title = vscode.l10n.t('Loading the data of {0}', name);
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
    token.onCancellationRequested(() => void stop(handle));
    return settled;
  });
}
