import * as vscode from 'vscode';
import type { Problem } from '../core/config/index.ts';
import { formatBytes, formatCount } from './format.ts';
import type { ConfigDiagnostics } from './language/diagnostics.ts';
import { type ConfigDocuments, configName } from './language/documents.ts';
import { type ConfigFacts, Superseded } from './language/facts.ts';
import type { DataFacts } from './language/facts-protocol.ts';
import { toRange } from './language/positions.ts';
import { memoryLimit } from './runs/memory.ts';
import { whyNotOnDisk } from './trust.ts';

/** ✓ Check: everything that can be known without training. */
export class Checker {
  readonly #documents: ConfigDocuments;
  readonly #facts: ConfigFacts;
  readonly #diagnostics: ConfigDiagnostics;

  constructor(documents: ConfigDocuments, facts: ConfigFacts, diagnostics: ConfigDiagnostics) {
    this.#documents = documents;
    this.#facts = facts;
    this.#diagnostics = diagnostics;
  }

  /** Validates, loads the data and plans the network; a notification tells the result. */
  async check(uri: vscode.Uri): Promise<void> {
    const document = await vscode.workspace.openTextDocument(uri);
    const name = configName(uri.path);
    const { config, problems } = this.#documents.parse(document);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (!config || errors.length > 0) {
      await this.#diagnostics.check(document);
      await tellProblem(document, errors[0]!, errors.length);
      return;
    }
    const refusal = whyNotOnDisk(uri);
    if (refusal) {
      vscode.window.showInformationMessage(
        vscode.l10n.t('{0} has no mistake that its text shows. {1}', name, refusal),
      );
      return;
    }
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Checking {0}', name),
      cancellable: true,
    };
    await vscode.window.withProgress(options, async (progress, token) => {
      progress.report({ message: vscode.l10n.t('loading data, planning the network') });
      try {
        const answer = await this.#facts.plan(uri, config, token);
        if (answer.ok) void tellFacts(name, answer.facts);
        else {
          const path = answer.place.path ?? ['data'];
          const problem = await this.#diagnostics.refuse(document, path, answer.message);
          void tellProblem(document, problem, 1);
        }
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
    });
  }
}

async function tellFacts(name: string, facts: DataFacts): Promise<void> {
  const { parameterCount, layers, arenaBytes } = facts.plan!;
  const limit = memoryLimit();
  const examples = vscode.l10n.t(
    '{0} training and {1} validation examples, {2} layers with {3} parameters, {4} of memory',
    formatCount(facts.trainExamples),
    formatCount(facts.validationExamples),
    layers.length,
    formatCount(parameterCount),
    formatBytes(arenaBytes),
  );
  if (arenaBytes <= limit) {
    vscode.window.showInformationMessage(
      vscode.l10n.t('{0} is fit to train: {1}.', name, examples),
    );
    return;
  }
  vscode.window.showWarningMessage(
    vscode.l10n.t(
      '{0}: {1}, more than the limit of {2} (setting trainscope.memoryLimit).',
      name,
      examples,
      formatBytes(limit),
    ),
  );
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
