import type * as vscode from 'vscode';
import type { WorkKind } from './kind.ts';
import { Panels } from './panels.ts';
import type { Works } from './store.ts';
import type { Work } from './work.ts';
import { type CarryOut, WorkPanel } from './work-panel.ts';

/** What a view keeps over a reload of the window: the folder of its work. */
interface SavedState {
  work: string;
}

/** The open views of works of a kind: one for each. */
export class WorkPanels<W extends Work, Wish extends { type: string }>
  implements vscode.WebviewPanelSerializer<SavedState>, vscode.Disposable
{
  readonly #store: Works<W>;
  readonly #make: (work: W) => (panel: vscode.WebviewPanel) => WorkPanel<W, Wish>;
  readonly #panels: Panels<WorkPanel<W, Wish>>;
  readonly #subscriptions: vscode.Disposable[];

  constructor(store: Works<W>, dist: vscode.Uri, kind: WorkKind<W>, carryOut: CarryOut<W, Wish>) {
    this.#store = store;
    this.#make = (work) => (panel) => new WorkPanel(panel, dist, work, kind, carryOut);
    this.#panels = new Panels(kind.panel);
    this.#subscriptions = [
      store.onDidReset((work) => this.at(work)?.reset()),
      store.onDidChange((work) => {
        if (work) this.at(work)?.refresh();
        else this.#panels.closeUnless((folder) => store.get(folder) !== undefined);
      }),
    ];
  }

  show(work: W): void {
    this.#panels.show(work.folder, this.#make(work));
  }

  at({ folder }: W): WorkPanel<W, Wish> | undefined {
    return this.#panels.at(folder);
  }

  /** A window was reloaded with a work in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    await this.#store.folders.scan();
    const work = state && this.#store.get(state.work);
    if (work) this.#panels.restore(panel, work.folder, this.#make(work));
    else panel.dispose();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#panels.dispose();
  }
}
