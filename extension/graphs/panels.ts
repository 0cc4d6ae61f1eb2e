import * as vscode from 'vscode';
import type { FromExpression, ToExpression } from '../../webview/protocol.ts';
import { viewHtml } from '../dashboard/html.ts';
import { handOut } from '../dashboard/save.ts';
import { GRAPH } from '../ids.ts';
import { loadCore } from '../load-core.ts';
import { graphName } from './documents.ts';

/** What a view keeps over a reload of the window. */
interface SavedState {
  file: string;
}

/** The open graphs of formulas: one for each file, which it follows as it is typed. */
export class GraphPanels implements vscode.WebviewPanelSerializer<SavedState>, vscode.Disposable {
  readonly #dist: vscode.Uri;
  /** By the file's URI. */
  readonly #open = new Map<string, vscode.WebviewPanel>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(dist: vscode.Uri) {
    this.#dist = dist;
    const { workspace } = vscode;
    const changed = (uri: vscode.Uri) => void this.#send(uri);
    this.#subscriptions = [
      workspace.onDidChangeTextDocument(({ document }) => changed(document.uri)),
      workspace.onDidCloseTextDocument(({ uri }) => changed(uri)),
    ];
  }

  show(file: vscode.Uri): void {
    const known = this.#open.get(file.toString());
    if (known) {
      known.reveal(undefined, true);
      return;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#take(vscode.window.createWebviewPanel(GRAPH, '', column), file);
  }

  /** A window was reloaded with a graph in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    if (!state || this.#open.has(state.file)) panel.dispose();
    else this.#take(panel, vscode.Uri.parse(state.file));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const panel of this.#open.values()) panel.dispose();
  }

  #take(panel: vscode.WebviewPanel, file: vscode.Uri): void {
    const key = file.toString();
    this.#open.set(key, panel);
    panel.title = graphName(file.path);
    panel.iconPath = vscode.Uri.joinPath(this.#dist, '..', 'extension', 'media', 'dashboard.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
    panel.webview.onDidReceiveMessage((message: FromExpression) => {
      if (message.type === 'ready') void this.#send(file);
      else handOut({ id: graphName(file.path), file }, message);
    });
    panel.onDidDispose(() => this.#open.delete(key));
    panel.webview.html = viewHtml(panel.webview, this.#dist, 'expression');
  }

  async #send(uri: vscode.Uri): Promise<void> {
    const panel = this.#open.get(uri.toString());
    if (!panel) return;
    const message = await read(uri);
    // It may have been closed meanwhile.
    if (this.#open.get(uri.toString()) === panel) void panel.webview.postMessage(message);
  }
}

/** The file as the editor has it, saved or not. */
async function read(uri: vscode.Uri): Promise<ToExpression> {
  const shown = { file: uri.toString(), name: graphName(uri.path) };
  let text: string;
  try {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
  } catch (error) {
    return { ...shown, problem: error instanceof Error ? error.message : String(error) };
  }
  const { file, problems } = loadCore().parseGraphFile(text, uri.path);
  const [first] = problems;
  if (file) {
    const names = Object.keys(file.values);
    const values = Float64Array.from(Object.values(file.values));
    return { ...shown, problem: null, expression: file.expression, names, values };
  }
  const line = (first?.range.start.line ?? 0) + 1;
  return { ...shown, problem: vscode.l10n.t('Line {0}: {1}', line, first?.message ?? '') };
}
