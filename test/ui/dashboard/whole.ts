import { basename, dirname } from 'node:path';
import type * as vscode from 'vscode';
import { Dashboard as Host } from '../../../extension/dashboard/dashboard.ts';
import { RunStore } from '../../../extension/runs/store.ts';
import { DEFAULT_SETTINGS, type FromView } from '../../../webview/protocol.ts';
import { EventEmitter, Uri } from '../vscode.ts';
import { workerFile } from './explored.ts';
import type { Dashboard } from './harness.ts';

/** The dashboard of the extension, host and view, of runs on disk that are over: without VS Code. */
export class WholeDashboard {
  readonly view: Dashboard;
  /** What the view has said since the run was opened. */
  heard: FromView[] = [];
  readonly #stores = new Map<string, RunStore>();
  #messages = new EventEmitter<FromView>();
  #host: Host | null = null;

  constructor(view: Dashboard) {
    this.view = view;
    view.listener = (message) => {
      this.heard.push(message);
      this.#messages.fire(message);
    };
  }

  /** Shows a run, as if the panel had just been opened. */
  async open(folder: string): Promise<void> {
    await this.#host?.dispose();
    this.heard = [];
    const runsFolder = dirname(folder);
    const store = this.#stores.get(runsFolder) ?? this.#newStore(runsFolder);
    await store.folders.watch(runsFolder);
    const run = store.get(folder);
    if (!run) throw new Error(`${basename(folder)} is not listed as a run.`);
    this.#messages = new EventEmitter<FromView>();
    const dist = Uri.file('/dist') as vscode.Uri;
    this.#host = new Host(this.#panel(), dist, store, run, DEFAULT_SETTINGS);
    await this.view.page.evaluate('sessionStorage.clear()');
    await this.view.page.reload();
  }

  async dispose(): Promise<void> {
    await this.#host?.dispose();
    for (const store of this.#stores.values()) await store.dispose();
  }

  #newStore(runsFolder: string): RunStore {
    const store = new RunStore(workerFile);
    store.onDidChange((run) => this.#host?.refresh(run));
    this.#stores.set(runsFolder, store);
    return store;
  }

  #panel(): vscode.WebviewPanel {
    const webview: Partial<vscode.Webview> = {
      onDidReceiveMessage: this.#messages.event as vscode.Webview['onDidReceiveMessage'],
      postMessage: (message) => this.view.tell(message).then(() => true),
      asWebviewUri: (uri) => uri,
      cspSource: '',
    };
    const panel: Partial<vscode.WebviewPanel> = {
      webview: webview as vscode.Webview,
      visible: true,
      onDidChangeViewState: new EventEmitter<vscode.WebviewPanelOnDidChangeViewStateEvent>()
        .event as vscode.WebviewPanel['onDidChangeViewState'],
      dispose: () => {},
    };
    return panel as vscode.WebviewPanel;
  }
}
