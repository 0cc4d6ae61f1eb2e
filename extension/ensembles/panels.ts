import * as vscode from 'vscode';
import { ENSEMBLE } from '../ids.ts';
import type { Ensemble } from './ensemble.ts';
import { type EnsembleActions, EnsemblePanel } from './panel.ts';
import type { EnsembleStore } from './store.ts';

/** What a view keeps over a reload of the window: the folder of its ensemble. */
interface SavedState {
  ensemble: string;
}

/** The open views of ensembles: one for each. */
export class EnsemblePanels
  implements vscode.WebviewPanelSerializer<SavedState>, vscode.Disposable
{
  readonly #store: EnsembleStore;
  readonly #dist: vscode.Uri;
  readonly #actions: EnsembleActions;
  readonly #open = new Map<string, EnsemblePanel>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(store: EnsembleStore, dist: vscode.Uri, actions: EnsembleActions) {
    this.#store = store;
    this.#dist = dist;
    this.#actions = actions;
    this.#subscriptions = [
      store.onDidTell(({ ensemble, event }) => this.at(ensemble)?.tell(event)),
      store.onDidReset((ensemble) => this.at(ensemble)?.reset()),
      store.onDidChange((ensemble) => {
        if (ensemble) this.at(ensemble)?.refresh();
        else this.#closeGone();
      }),
    ];
  }

  show(ensemble: Ensemble): void {
    const known = this.at(ensemble);
    if (known) {
      known.panel.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#take(vscode.window.createWebviewPanel(ENSEMBLE, '', column), ensemble);
  }

  at({ folder }: Ensemble): EnsemblePanel | undefined {
    return this.#open.get(folder);
  }

  /** A window was reloaded with an ensemble in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    await this.#store.scan();
    const ensemble = state && this.#store.get(state.ensemble);
    if (!ensemble || this.at(ensemble)) panel.dispose();
    else this.#take(panel, ensemble);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  #take(panel: vscode.WebviewPanel, ensemble: Ensemble): void {
    const shown = new EnsemblePanel(panel, this.#dist, ensemble, this.#actions);
    this.#open.set(ensemble.folder, shown);
    panel.onDidDispose(() => {
      this.#open.delete(ensemble.folder);
      shown.dispose();
    });
  }

  /** Of ensembles that were deleted. */
  #closeGone(): void {
    for (const [folder, panel] of this.#open) if (!this.#store.get(folder)) panel.dispose();
  }
}
