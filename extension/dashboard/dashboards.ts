import * as vscode from 'vscode';
import type { ViewSettings } from '../../webview/protocol.ts';
import { DASHBOARD } from '../ids.ts';
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
  readonly #open = new Map<string, Dashboard>();
  readonly #subscription: vscode.Disposable;

  constructor(store: RunStore, dist: vscode.Uri) {
    this.#store = store;
    this.#dist = dist;
    this.#subscription = store.onDidChange((run) => {
      for (const dashboard of this.#open.values()) dashboard.refresh(run);
    });
  }

  /** Shows a run in the dashboard of its folder, beside the editor when there is none yet. */
  show(run: Run): void {
    const known = this.#open.get(run.runsFolder);
    if (known) {
      known.focus(run, true);
      known.panel.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel(DASHBOARD, '', column);
    this.#take(panel, run, null);
  }

  /** The dashboard of a runs folder, while one is open. */
  at(runsFolder: string): Dashboard | undefined {
    return this.#open.get(runsFolder);
  }

  /** A window was reloaded with a dashboard in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    await this.#store.scan();
    const { runs } = this.#store;
    const run = runs.find(({ id }) => id === state?.focus) ?? runs[0];
    if (!run || this.#open.has(run.runsFolder)) panel.dispose();
    else this.#take(panel, run, state?.settings ?? null);
  }

  /** Resolves when nothing runs for any of them. */
  async dispose(): Promise<void> {
    this.#subscription.dispose();
    const dashboards = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(dashboards.map((dashboard) => dashboard.dispose()));
  }

  #take(panel: vscode.WebviewPanel, run: Run, settings: ViewSettings | null): void {
    const dashboard = new Dashboard(panel, this.#dist, this.#store, run, settings);
    this.#open.set(run.runsFolder, dashboard);
    panel.onDidDispose(() => {
      this.#open.delete(run.runsFolder);
      void dashboard.dispose();
    });
  }
}
