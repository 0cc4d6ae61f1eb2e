import * as vscode from 'vscode';
import type { ConfigAnalyses } from '../language/analysis.ts';
import { configName } from '../language/documents.ts';
import { memoryLimit } from '../runs/memory.ts';
import { sizeOfWork } from './work.ts';

/** Shorter trainings are their own check. */
const LONG_MINUTES = 3;
/** A parameter and its gradient. */
const LEAST_BYTES = 8;
const KEY = 'checkOffered';

/** Before a long training of a config, once: some seconds may save its hours. */
export class CheckOffer {
  readonly #analyses: ConfigAnalyses;
  readonly #memory: vscode.Memento;

  constructor(analyses: ConfigAnalyses, memory: vscode.Memento) {
    this.#analyses = analyses;
    this.#memory = memory;
  }

  /** It was checked, or trained all the same: then it is not offered. */
  async seen(config: vscode.Uri): Promise<void> {
    const known = this.#memory.get<string[]>(KEY, []);
    const key = config.toString();
    if (!known.includes(key)) await this.#memory.update(KEY, [...known, key]);
  }

  /** What the user wants before a training. */
  async ask(config: vscode.Uri): Promise<'check' | 'train' | 'nothing'> {
    if (this.#memory.get<string[]>(KEY, []).includes(config.toString())) return 'train';
    const minutes = await this.#minutes(config);
    if (!(minutes >= LONG_MINUTES)) return 'train';
    await this.seen(config);
    const { t } = vscode.l10n;
    const [check, train] = [t('Check First'), t('Train')];
    const chosen = await vscode.window.showInformationMessage(
      t(
        '{0} will train for a while: roughly {1} min. Check it first?',
        configName(config.path),
        Math.round(minutes),
      ),
      {
        modal: true,
        detail: t(
          'A check takes some seconds: data, first loss, signals and gradients, learning rate.',
        ),
      },
      check,
      train,
    );
    return chosen === check ? 'check' : chosen === train ? 'train' : 'nothing';
  }

  /** NaN where it is not known. */
  async #minutes(uri: vscode.Uri): Promise<number> {
    if (uri.scheme !== 'file') return Number.NaN;
    const document = await vscode.workspace.openTextDocument(uri);
    const { parsed, facts, shapes } = await this.#analyses.of(document);
    if (!parsed.config || !facts) return Number.NaN;
    const parameters = shapes.reduce((sum, { parameterCount }) => sum + parameterCount, 0);
    // It will be refused: that is told, instead of how long it would take.
    if (parameters * LEAST_BYTES > memoryLimit()) return Number.NaN;
    return sizeOfWork(shapes) * facts.trainExamples * parsed.config.training.epochs;
  }
}
