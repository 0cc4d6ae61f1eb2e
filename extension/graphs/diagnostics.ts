import * as vscode from 'vscode';
import { toDiagnostic } from '../language/diagnostics.ts';
import { loadCore } from '../load-core.ts';
import { isGraphUri } from './documents.ts';

/** Underlines what is wrong in every open formula. They are short: no pause in typing is waited for. */
export class GraphDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('trainscope.graphs');
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    const { workspace } = vscode;
    this.#subscriptions = [
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#check(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#check(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
    ];
    for (const document of workspace.textDocuments) this.#check(document);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #check(document: vscode.TextDocument): void {
    if (!isGraphUri(document.uri)) return;
    const { problems } = loadCore().parseGraphFile(document.getText(), document.uri.path);
    this.#collection.set(document.uri, problems.map(toDiagnostic));
  }
}
