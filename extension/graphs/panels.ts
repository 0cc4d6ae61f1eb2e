import * as vscode from 'vscode';
import type { FromExpression, ToExpression } from '../../webview/protocol.ts';
import { openPage } from '../dashboard/html.ts';
import { handOut } from '../dashboard/save.ts';
import { messageOf } from '../format.ts';
import { GRAPH } from '../ids.ts';
import { Panels, type View } from '../kept/panels.ts';
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
  readonly #panels = new Panels<View>(GRAPH);
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
    this.#panels.show(file.toString(), (panel) => this.#fill(panel, file));
  }

  /** A window was reloaded with a graph in it. */
  async deserializeWebviewPanel(
    panel: vscode.WebviewPanel,
    state: SavedState | undefined,
  ): Promise<void> {
    const file = state && vscode.Uri.parse(state.file);
    if (file) this.#panels.restore(panel, file.toString(), () => this.#fill(panel, file));
    else panel.dispose();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    void this.#panels.dispose();
  }

  #fill(panel: vscode.WebviewPanel, file: vscode.Uri): View {
    panel.title = graphName(file.path);
    panel.webview.onDidReceiveMessage((message: FromExpression) => {
      if (message.type === 'ready') void this.#send(file);
      else handOut({ id: graphName(file.path), file }, message);
    });
    openPage(panel, this.#dist, 'expression');
    return { panel, dispose: () => panel.dispose() };
  }

  async #send(uri: vscode.Uri): Promise<void> {
    const view = this.#panels.at(uri.toString());
    if (!view) return;
    const message = await read(uri);
    // It may have been closed meanwhile.
    if (this.#panels.at(uri.toString()) === view) void view.panel.webview.postMessage(message);
  }
}

/** The file as the editor has it, saved or not. */
async function read(uri: vscode.Uri): Promise<ToExpression> {
  const shown = { file: uri.toString(), name: graphName(uri.path) };
  let text: string;
  try {
    text = (await vscode.workspace.openTextDocument(uri)).getText();
  } catch (error) {
    return { ...shown, problem: messageOf(error) };
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
