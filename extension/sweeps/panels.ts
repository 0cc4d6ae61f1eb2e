import * as vscode from 'vscode';
import { SWEEP } from '../ids.ts';
import { SweepPanel, type SweepWish } from './panel.ts';
import type { SweepStore } from './store.ts';
import type { Sweep } from './sweep.ts';

/** What a view keeps over a reload of the window: the folder of its sweep. */
interface SavedState {
  sweep: string;
}

/** The open views of sweeps: one for each. */
export class SweepPanels implements vscode.WebviewPanelSerializer<SavedState>, vscode.Disposable {
  readonly #store: SweepStore;
  readonly #dist: vscode.Uri;
  readonly #wished: (sweep: Sweep, wish: SweepWish) => void;
  readonly #open = new Map<string, SweepPanel>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    store: SweepStore,
    dist: vscode.Uri,
    wished: (sweep: Sweep, wish: SweepWish) => void,
  ) {
    this.#store = store;
    this.#dist = dist;
    this.#wished = wished;
    this.#subscriptions = [
      store.onDidChange((sweep) => {
        if (sweep) this.#open.get(sweep.folder)?.refresh();
        else this.#closeGone();
      }),
      store.onDidReset((sweep) => this.#open.get(sweep.folder)?.reset()),
    ];
  }

  show(sweep: Sweep): void {
    const known = this.#open.get(sweep.folder);
    if (known) {
      known.panel.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#take(vscode.window.createWebviewPanel(SWEEP, '', column), sweep);
  }

  at(sweep: Sweep): SweepPanel | undefined {
    return this.#open.get(sweep.folder);
  }

  /** A window was reloaded with a sweep in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    await this.#store.scan();
    const sweep = state && this.#store.get(state.sweep);
    if (!sweep || this.#open.has(sweep.folder)) panel.dispose();
    else this.#take(panel, sweep);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  #take(panel: vscode.WebviewPanel, sweep: Sweep): void {
    const wished = (wish: SweepWish) => this.#wished(sweep, wish);
    const shown = new SweepPanel(panel, this.#dist, sweep, wished);
    this.#open.set(sweep.folder, shown);
    panel.onDidDispose(() => {
      this.#open.delete(sweep.folder);
      shown.dispose();
    });
  }

  /** Of sweeps that were deleted. */
  #closeGone(): void {
    for (const [folder, panel] of this.#open) if (!this.#store.get(folder)) panel.dispose();
  }
}
