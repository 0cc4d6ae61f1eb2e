import * as vscode from 'vscode';
import type { CheckResult } from '../../core/sanity/check.ts';
import { type ConfigDocuments, isConfigUri } from '../language/documents.ts';
import { configEdit } from '../language/edits.ts';
import { toRange } from '../language/positions.ts';

interface Shown {
  result: CheckResult;
  diagnostic: vscode.Diagnostic;
}

/** Underlines what checks warn of, with their fixes, until the text is changed. */
export class CheckDiagnostics implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #documents: ConfigDocuments;
  readonly #collection = vscode.languages.createDiagnosticCollection('trainscope checks');
  readonly #shown = new Map<string, Shown[]>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
    const { workspace } = vscode;
    this.#subscriptions = [
      this.#collection,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isConfigUri(document.uri)) this.clear(document.uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)),
    ];
  }

  set(document: vscode.TextDocument, results: readonly CheckResult[]): void {
    const parsed = this.#documents.parse(document);
    const shown = results.flatMap((result) => {
      const { status, path, message, check } = result;
      if (status !== 'fail' && status !== 'warn') return [];
      const severity = vscode.DiagnosticSeverity[status === 'fail' ? 'Error' : 'Warning'];
      const range = toRange(parsed.underline(path));
      const diagnostic = new vscode.Diagnostic(range, message, severity);
      diagnostic.source = 'trainscope';
      diagnostic.code = check;
      return [{ result, diagnostic }];
    });
    this.#shown.set(document.uri.toString(), shown);
    this.#collection.set(
      document.uri,
      shown.map(({ diagnostic }) => diagnostic),
    );
  }

  clear(uri: vscode.Uri): void {
    this.#shown.delete(uri.toString());
    this.#collection.delete(uri);
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const shown = this.#shown.get(document.uri.toString()) ?? [];
    return shown.flatMap(({ result, diagnostic }) => {
      if (!diagnostic.range.intersection(range)) return [];
      return result.fixes.map(({ title, edits }) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = configEdit(document, edits);
        action.diagnostics = [diagnostic];
        return action;
      });
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
