import * as vscode from 'vscode';
import type { Problem } from '../../core/config/index.ts';
import type { CheckResult } from '../../core/sanity/check.ts';
import type { ConfigDiagnostics } from '../language/diagnostics.ts';
import { type ConfigDocuments, configName } from '../language/documents.ts';
import { toRange } from '../language/positions.ts';
import { loadCore } from '../load-core.ts';
import type { RunStore } from '../runs/store.ts';
import { readableRoots, whyNotOnDisk } from '../trust.ts';
import type { CheckDiagnostics } from './diagnostics.ts';
import type { CheckView } from './view.ts';

/** ✓ Check: looks at a config, its data and its network before a training, in a worker. */
export class Checker {
  readonly #documents: ConfigDocuments;
  readonly #problems: ConfigDiagnostics;
  readonly #store: RunStore;
  readonly #view: CheckView;
  readonly #diagnostics: CheckDiagnostics;
  /** The checks under way of each config. */
  readonly #running = new Map<string, { stop: AbortController; done: Promise<unknown> }>();

  constructor(
    documents: ConfigDocuments,
    problems: ConfigDiagnostics,
    store: RunStore,
    view: CheckView,
    diagnostics: CheckDiagnostics,
  ) {
    this.#documents = documents;
    this.#problems = problems;
    this.#store = store;
    this.#view = view;
    this.#diagnostics = diagnostics;
  }

  /**
   * Resolves with what was seen, which is then in the view and underlined; null where the checks could
   * not be done, or were cancelled.
   */
  async check(uri: vscode.Uri): Promise<CheckResult[] | null> {
    const document = await vscode.workspace.openTextDocument(uri);
    const name = configName(uri.path);
    const { config, problems } = this.#documents.parse(document);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (!config || errors.length > 0) {
      await this.#problems.check(document);
      void tellProblem(document, errors[0]!, errors.length);
      return null;
    }
    const refusal = whyNotOnDisk(uri);
    if (refusal) {
      vscode.window.showInformationMessage(
        vscode.l10n.t('{0} has no mistake that its text shows. {1}', name, refusal),
      );
      return null;
    }
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking {0}', name),
      cancellable: true,
    };
    const results = await vscode.window.withProgress(options, (progress, token) =>
      this.#run(document, progress, token),
    );
    if (results) void this.#tell(name, results);
    return results;
  }

  /** Ends what is under way; resolves when no worker is left. */
  async dispose(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { stop } of running) stop.abort();
    await Promise.allSettled(running.map(({ done }) => done));
  }

  async #run(
    document: vscode.TextDocument,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<CheckResult[] | null> {
    const { uri, version } = document;
    const key = uri.toString();
    this.#running.get(key)?.stop.abort();
    const stop = new AbortController();
    const cancelling = token.onCancellationRequested(() => stop.abort());
    const text = document.getText();
    const request = { configFile: uri.fsPath, configText: text, readableRoots: readableRoots(uri) };
    this.#diagnostics.clear(uri);
    this.#view.begin(document);
    let shown = 0;
    const done = this.#store.check(request, {
      signal: stop.signal,
      onResult: (result) => this.#view.add(result),
      onProgress: (share, message) => {
        progress.report({ message, increment: 100 * share - shown });
        shown = 100 * share;
      },
    });
    this.#running.set(key, { stop, done });
    try {
      const results = await done;
      // What was seen of another text would stand at the wrong places.
      if (document.version === version) this.#diagnostics.set(document, results);
      return results;
    } catch (error) {
      if (stop.signal.aborted) return null;
      if (!(error instanceof loadCore().UserError)) throw error;
      const path = error.place.path ?? ['data'];
      const problem = await this.#problems.refuse(document, path, error.message);
      void tellProblem(document, problem, 1);
      return null;
    } finally {
      cancelling.dispose();
      if (this.#running.get(key)?.stop === stop) {
        this.#running.delete(key);
        this.#view.end();
      }
    }
  }

  /** The worst of it; Show leads to all. */
  async #tell(name: string, results: readonly CheckResult[]): Promise<void> {
    const { t } = vscode.l10n;
    const count = (status: string) => results.filter((result) => result.status === status).length;
    const [failed, warned, skipped] = ['fail', 'warn', 'skip'].map(count) as [
      number,
      number,
      number,
    ];
    const show = t('Show');
    const worst = results.find(({ status }) => status === (failed > 0 ? 'fail' : 'warn'));
    const rest = skipped > 0 ? ` ${t('{0} could not be done.', skipped)}` : '';
    const chosen = worst
      ? await vscode.window.showWarningMessage(
          t('{0}: {1} checks failed, {2} warn. {3}', name, failed, warned, worst.message),
          show,
        )
      : await vscode.window.showInformationMessage(
          `${t('{0}: {1} checks passed.', name, results.length - skipped)}${rest}`,
          show,
        );
    if (chosen === show) await this.#view.focus();
  }
}

/** Says the first problem and how many more there are; Show leads to it. */
export async function tellProblem(
  document: vscode.TextDocument,
  problem: Problem,
  count: number,
): Promise<void> {
  const name = configName(document.uri.path);
  const text =
    count > 1
      ? vscode.l10n.t('{0} has {1} errors. The first: {2}', name, count, problem.message)
      : `${name}: ${problem.message}`;
  const show = vscode.l10n.t('Show');
  if ((await vscode.window.showErrorMessage(text, show)) === show)
    await vscode.window.showTextDocument(document, { selection: toRange(problem.range) });
}
