import * as vscode from 'vscode';
import type { ViewSettings } from '../../webview/protocol.ts';
import { DASHBOARD } from '../ids.ts';
import { Panels } from '../kept/panels.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { Dashboard } from './dashboard.ts';

/** What a view keeps over a reload of the window. */
interface SavedState {
  settings: ViewSettings;
  focus: string;
}

/** The open dashboards: one for each runs folder, so that runs beside each other are compared. */
export class Dashboards implements vscode.WebviewPanelSerializer<SavedState> {
  readonly #store: RunStore;
  readonly #dist: vscode.Uri;
  readonly #panels = new Panels<Dashboard>(DASHBOARD);
  readonly #subscription: vscode.Disposable;

  constructor(store: RunStore, dist: vscode.Uri) {
    this.#store = store;
    this.#dist = dist;
    this.#subscription = store.onDidChange((run) => {
      for (const dashboard of this.#panels.all()) dashboard.refresh(run);
    });
  }

  /** Shows a run in the dashboard of its folder, beside the editor when there is none yet. */
  show(run: Run): void {
    this.at(run.runsFolder)?.focus(run, true);
    this.#panels.show(run.runsFolder, this.#make(run, null));
  }

  /** Shows the runs in these folders in one dashboard; the first has the focus. `none`: said where they are gone. */
  async compare(folders: readonly string[], none: string): Promise<void> {
    const found = await Promise.all(folders.map((folder) => this.#store.open(folder)));
    const runs = found.filter((run) => run !== null);
    if (runs.length === 0) vscode.window.showInformationMessage(none);
    for (const run of runs.reverse()) this.show(run);
  }

  /** The dashboard of a runs folder, while one is open. */
  at(runsFolder: string): Dashboard | undefined {
    return this.#panels.at(runsFolder);
  }

  /** A window was reloaded with a dashboard in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    await this.#store.folders.scan();
    const { runs } = this.#store;
    const run = runs.find(({ id }) => id === state?.focus) ?? runs[0];
    if (run) this.#panels.restore(panel, run.runsFolder, this.#make(run, state?.settings ?? null));
    else panel.dispose();
  }

  /** Resolves when nothing runs for any of them. */
  async dispose(): Promise<void> {
    this.#subscription.dispose();
    await this.#panels.dispose();
  }

  #make(run: Run, settings: ViewSettings | null): (panel: vscode.WebviewPanel) => Dashboard {
    return (panel) => new Dashboard(panel, this.#dist, this.#store, run, settings);
  }
}
