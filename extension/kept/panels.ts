import * as vscode from 'vscode';

/** What is in a panel of the editor. */
export interface View {
  readonly panel: vscode.WebviewPanel;
  /** Closes the panel; resolves when nothing runs for it. */
  dispose(): unknown;
}

/** The open views of one type: one for each key. */
export class Panels<V extends View> {
  readonly #type: string;
  readonly #open = new Map<string, V>();

  constructor(type: string) {
    this.#type = type;
  }

  at(key: string): V | undefined {
    return this.#open.get(key);
  }

  all(): Iterable<V> {
    return this.#open.values();
  }

  /** Brings the view of a key to the front, or makes one beside the editor. */
  show(key: string, make: (panel: vscode.WebviewPanel) => V): void {
    const known = this.#open.get(key);
    if (known) {
      known.panel.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.restore(vscode.window.createWebviewPanel(this.#type, '', column), key, make);
  }

  /** Fills a panel, say of before the window was reloaded. It is closed where there is a view of this key already. */
  restore(panel: vscode.WebviewPanel, key: string, make: (panel: vscode.WebviewPanel) => V): void {
    if (this.#open.has(key)) {
      panel.dispose();
      return;
    }
    const view = make(panel);
    this.#open.set(key, view);
    panel.onDidDispose(() => {
      this.#open.delete(key);
      void view.dispose();
    });
  }

  /** Closes those whose subject is gone. */
  closeUnless(isThere: (key: string) => boolean): void {
    for (const [key, { panel }] of this.#open) if (!isThere(key)) panel.dispose();
  }

  /** Resolves when nothing runs for any of them. */
  async dispose(): Promise<void> {
    const views = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(views.map((view) => view.dispose()));
  }
}
