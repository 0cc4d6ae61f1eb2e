import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Edit, Finding } from '../../core/events/finding.ts';
import type { FinishedEvent, RunEvent } from '../../core/events/run-event.ts';
import { formatFraction, formatNumber } from '../format.ts';
import { type ConfigDocuments, configName } from '../language/documents.ts';
import { textEdit } from '../language/edits.ts';
import { toRange } from '../language/positions.ts';
import { loadCore } from '../load-core.ts';
import { stop } from '../runs/ask.ts';
import type { RunStore } from '../runs/store.ts';
import { emptySummary, measuredQuality, type RunSummary, summarize } from '../runs/summary.ts';
import { qualityName, stateName } from '../sidebar/runs.ts';
import { readableRoots, whyNotOnDisk } from '../trust.ts';

/** Which fix of which finding, made for which version of the config. */
export interface FixRequest {
  uri: vscode.Uri;
  finding: Finding;
  /** Index among its fixes. */
  fix: number;
  version: number;
}

export type Verified = 'kept' | 'reverted' | 'cancelled' | 'refused';

/**
 * Applies a fix and proves it: the config as it then is gets trained in the background, in a folder of its
 * own; what came of it stands beside the key, and the user keeps the fix or takes it back.
 */
export class Verification implements vscode.Disposable {
  readonly #store: RunStore;
  readonly #documents: ConfigDocuments;
  readonly #beside = vscode.window.createTextEditorDecorationType({
    after: { margin: '0 0 0 2em', color: new vscode.ThemeColor('editorCodeLens.foreground') },
  });
  /** What stands beside a key at present. */
  shown: { uri: string; text: string } | null = null;

  constructor(store: RunStore, documents: ConfigDocuments) {
    this.#store = store;
    this.#documents = documents;
  }

  async verify({ uri, finding, fix, version }: FixRequest): Promise<Verified> {
    const refuse = (why: string): Verified => {
      vscode.window.showWarningMessage(why);
      return 'refused';
    };
    const { t } = vscode.l10n;
    const unreachable = whyNotOnDisk(uri);
    if (unreachable) return refuse(unreachable);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.version !== version)
      return refuse(
        t('The config was changed meanwhile, so the fix was not applied. Please try again.'),
      );
    const { edits, title } = finding.fixes[fix]!;
    const before = document.getText();
    const undo = await applyUndoably(document, edits);
    if (!undo) return refuse(t('The key that “{0}” would change is not there any more.', title));
    const after = document.getText();
    const earlier = this.#earlier(uri, before);
    try {
      this.#show(document, finding, t('verifying…'));
      const summary = await this.#train(document, title);
      if (!summary) {
        await undo(after);
        return 'cancelled';
      }
      const outcome = t(
        '{0} → {1}',
        earlier ? describe(earlier) : t('not trained'),
        describe(summary),
      );
      this.#show(document, finding, outcome);
      const keep = t('Keep');
      const revert = t('Revert');
      const told = `${configName(uri.path)}: ${title}. ${outcome}${remaining(summary)}`;
      const chosen = await vscode.window.showInformationMessage(told, keep, revert);
      // Dismissed: the fix is an edit like any other, and can be undone.
      if (chosen !== revert) return 'kept';
      await undo(after);
      return 'reverted';
    } catch (error) {
      await undo(after);
      return refuse(error instanceof Error ? error.message : String(error));
    } finally {
      this.#hide();
    }
  }

  dispose(): void {
    this.#beside.dispose();
  }

  /** How the config did before the fix, if its latest run was of the very same. */
  #earlier(uri: vscode.Uri, text: string): RunSummary | null {
    const { parseConfig } = loadCore();
    const values = (config: string) => JSON.stringify(parseConfig(config, uri.path).config);
    const [latest] = this.#store.of(uri).filter(({ active }) => !active);
    const trained = latest?.summary.configText;
    return trained && values(trained) === values(text) ? latest.summary : null;
  }

  /** Null: cancelled. Rejects with UserError where the config cannot be trained. */
  async #train(document: vscode.TextDocument, title: string): Promise<RunSummary | null> {
    const { uri } = document;
    const name = configName(uri.path);
    const runsFolder = await mkdtemp(join(tmpdir(), 'trainscope-verify-'));
    const handle = this.#store.launch({
      configFile: uri.fsPath,
      configText: document.getText(),
      runsFolder,
      readableRoots: readableRoots(uri),
      trial: { hopeless: true },
    });
    const summary = emptySummary(name, name, Date.now());
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('{0}, verifying: {1}', name, title),
      cancellable: true,
    };
    try {
      return await vscode.window.withProgress(options, async (progress, token) => {
        const cancelling = token.onCancellationRequested(() => void stop(handle));
        let shown = 0;
        handle.onEvents((events: RunEvent[]) => {
          for (const event of events) summarize(summary, event);
          const percent = summary.epochs > 0 ? (100 * summary.epoch) / summary.epochs : 0;
          const message = vscode.l10n.t('loss {0}', formatNumber(summary.loss));
          progress.report({ message, increment: percent - shown });
          shown = percent;
        });
        try {
          const finished: FinishedEvent = await handle.done;
          if (token.isCancellationRequested) return null;
          if (finished.reason === 'failed') throw new Error(finished.message);
          return summary;
        } finally {
          cancelling.dispose();
        }
      });
    } finally {
      await rm(runsFolder, { recursive: true, force: true }).catch(() => {});
    }
  }

  #show(document: vscode.TextDocument, { path }: Finding, text: string): void {
    const { end } = toRange(this.#documents.parse(document).underline(path));
    const at = document.lineAt(end.line).range.end;
    const option = {
      range: new vscode.Range(at, at),
      renderOptions: { after: { contentText: text } },
    };
    for (const editor of vscode.window.visibleTextEditors)
      if (editor.document === document) editor.setDecorations(this.#beside, [option]);
    this.shown = { uri: document.uri.toString(), text };
  }

  #hide(): void {
    for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(this.#beside, []);
    this.shown = null;
  }
}

/**
 * Makes the edits in one step; resolves with what takes them back, unless the text is not any more as they
 * left it. Null: they lead nowhere.
 */
async function applyUndoably(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): Promise<((left: string) => Promise<void>) | null> {
  const before = document.getText();
  const { applyEdits, UserError } = loadCore();
  let replacements: ReturnType<typeof applyEdits>;
  try {
    replacements = applyEdits(before, document.uri.path, edits);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
  const make = (these: typeof replacements) =>
    vscode.workspace.applyEdit(textEdit(document, these));
  if (!(await make(replacements))) return null;
  let moved = 0;
  const inverse = replacements.map(({ start, end, text }) => {
    const from = start + moved;
    moved += text.length - (end - start);
    return { start: from, end: from + text.length, text: before.slice(start, end) };
  });
  return async (left) => {
    if (document.getText() === left) await make(inverse);
    else
      vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The config was edited meanwhile, so the fix stays in it; undo takes it back.',
        ),
      );
  };
}

/** "accuracy 0.953", or "diverged". */
function describe(summary: RunSummary): string {
  const quality = measuredQuality(summary);
  if (summary.state === 'diverged') return stateName(summary.state);
  const value = Number.isNaN(quality) ? '–' : formatFraction(quality);
  return `${qualityName({ summary })} ${value}`;
}

/** What is still wrong. */
function remaining({ findings }: RunSummary): string {
  const rules = findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule);
  return rules.length > 0 ? `. ${vscode.l10n.t('Still found: {0}', rules.join(', '))}` : '';
}
