import * as vscode from 'vscode';
import type { Problem } from '../../core/config/index.ts';
import type { ConfigPath } from '../../core/events/finding.ts';
import { rulePage } from '../findings/rule-page.ts';
import { type ConfigAnalyses, problemAt } from './analysis.ts';
import { type ConfigDocuments, isConfigUri } from './documents.ts';
import { toRange, toSeverity } from './positions.ts';

/** A pause in typing of this many milliseconds, and the config is checked. */
const PAUSE = 200;

/** Underlines what is wrong in every open config: keys, values, data, shapes, and refused runs. */
export class ConfigDiagnostics implements vscode.Disposable {
  readonly #documents: ConfigDocuments;
  readonly #analyses: ConfigAnalyses;
  readonly #collection = vscode.languages.createDiagnosticCollection('trainscope');
  readonly #pending = new Map<string, NodeJS.Timeout>();
  /** What a run of this very version complained about; gone with the next change. */
  readonly #refusals = new Map<string, { version: number; problem: Problem }>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(documents: ConfigDocuments, analyses: ConfigAnalyses) {
    this.#documents = documents;
    this.#analyses = analyses;
    const { workspace } = vscode;
    this.#subscriptions = [
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, PAUSE)),
      // Data may have been put in place meanwhile.
      workspace.onDidSaveTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      workspace.onDidGrantWorkspaceTrust(() => this.#checkAll()),
    ];
    this.#checkAll();
  }

  /** Checks a config now and returns what is wrong with it. */
  async check(document: vscode.TextDocument): Promise<Problem[]> {
    const key = document.uri.toString();
    const { version } = document;
    const { problems } = await this.#analyses.of(document);
    const refusal = this.#refusals.get(key);
    const all = refusal?.version === version ? [...problems, refusal.problem] : problems;
    // The text may have been edited or closed while its data was loaded.
    if (document.version === version && !document.isClosed)
      this.#collection.set(document.uri, all.map(toDiagnostic));
    return all;
  }

  /** Underlines what a run of this document was refused or failed for. */
  async refuse(document: vscode.TextDocument, path: ConfigPath, message: string): Promise<Problem> {
    const { version } = document;
    const parsed = this.#documents.parse(document);
    const problem = problemAt(parsed, path, message);
    const known = (await this.#analyses.of(document)).problems;
    // The checks may have said it already.
    if (!known.some((other) => other.message === message))
      this.#refusals.set(document.uri.toString(), { version, problem });
    await this.check(document);
    return problem;
  }

  dispose(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  #schedule(document: vscode.TextDocument, wait: number): void {
    if (!isConfigUri(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#pending.get(key));
    const run = () => {
      this.#pending.delete(key);
      void this.check(document);
    };
    this.#pending.set(key, setTimeout(run, wait));
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#pending.get(key));
    this.#pending.delete(key);
    this.#refusals.delete(key);
    this.#collection.delete(uri);
  }
}

export function toDiagnostic({ message, range, severity, rule }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(range), message, toSeverity(severity));
  diagnostic.source = 'trainscope';
  if (rule) diagnostic.code = { value: rule, target: rulePage(rule) };
  return diagnostic;
}
