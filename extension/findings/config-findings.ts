import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { BesideFinding } from '../../core/diagnosis/beside.ts';
import type { ConfigPath, Finding } from '../../core/events/finding.ts';
import type { ConfigAnalyses } from '../language/analysis.ts';
import { type ConfigDocuments, isConfigUri } from '../language/documents.ts';
import { toRange, toSeverity } from '../language/positions.ts';
import { loadCore } from '../load-core.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { formatTime } from '../sidebar/runs.ts';
import type { SweepStore } from '../sweeps/store.ts';
import type { Sweep } from '../sweeps/sweep.ts';
import { Throttle } from '../throttle.ts';
import { rulePage } from './rule-page.ts';

/** A pause in typing of this many milliseconds, and the config is looked at. */
const PAUSE = 200;

/** A finding, and where it stands in the text. */
export interface ShownFinding extends BesideFinding {
  range: vscode.Range;
  /** What found it, and when that was started; null: the text alone tells. */
  foundBy: { what: 'run' | 'sweep'; startedAt: number } | null;
}

/**
 * What is found in the open configs, under the key that is to blame: what their text tells, and what their
 * latest run and sweep did. The Problems panel, `trainscope lint` and `train --json` say it in the same words.
 */
export class ConfigFindings implements vscode.Disposable {
  readonly #documents: ConfigDocuments;
  readonly #analyses: ConfigAnalyses;
  readonly #store: RunStore;
  readonly #sweeps: SweepStore;
  readonly #collection = vscode.languages.createDiagnosticCollection('trainscope findings');
  readonly #shown = new Map<string, { version: number; findings: ShownFinding[] }>();
  readonly #pending = new Map<string, NodeJS.Timeout>();
  readonly #told = new WeakMap<Run | Sweep, Told>();
  readonly #runChanged = new Throttle(250, () => this.#lookAtAll());
  readonly #subscriptions: vscode.Disposable[];
  #disposed = false;

  constructor(
    documents: ConfigDocuments,
    analyses: ConfigAnalyses,
    store: RunStore,
    sweeps: SweepStore,
  ) {
    this.#documents = documents;
    this.#analyses = analyses;
    this.#store = store;
    this.#sweeps = sweeps;
    const { workspace } = vscode;
    this.#subscriptions = [
      this.#collection,
      this.#runChanged,
      workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, PAUSE)),
      workspace.onDidSaveTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
    ];
    this.#lookAtAll();
  }

  /** A run or a sweep has news; null: some came or went. Most news is none for their findings. */
  refresh(one: Run | Sweep | null): void {
    if (this.#shown.size === 0) return;
    if (one) {
      const told = toldBy(one);
      const known = this.#told.get(one);
      if (known && known.findings === told.findings && known.holds === told.holds) return;
      this.#told.set(one, told);
    }
    this.#runChanged.request();
  }

  /** What is shown of this version of a document; looks now if it was not looked at. */
  async of(document: vscode.TextDocument): Promise<readonly ShownFinding[]> {
    const known = this.#shown.get(document.uri.toString());
    return known?.version === document.version ? known.findings : this.look(document);
  }

  /** Looks at a config now. */
  async look(document: vscode.TextDocument): Promise<readonly ShownFinding[]> {
    const { version, uri } = document;
    const { findings: fresh } = await this.#analyses.of(document);
    // The text may have been edited or closed while its data was loaded.
    if (document.version !== version || document.isClosed || this.#disposed) return [];
    const run = this.#store.of(uri).find(({ summary }) => summary.configText !== null) ?? null;
    const ran = run && { configText: run.summary.configText!, findings: run.summary.findings };
    const text = document.getText();
    const parsed = this.#documents.parse(document);
    const range = (path: ConfigPath) => toRange(parsed.underline(path));
    const startedAt = run?.summary.startedAt ?? 0;
    const findings = [
      ...loadCore()
        .findingsBeside(text, uri.path, ran, fresh)
        .map(({ finding, stale }): ShownFinding => {
          const isOfRun = run?.summary.findings.includes(finding);
          const foundBy = isOfRun ? { what: 'run' as const, startedAt } : null;
          return { finding, stale, range: range(finding.path), foundBy };
        }),
      ...this.#ofSweep(uri, text).map(
        (one): ShownFinding => ({
          ...one,
          range: range(one.finding.path),
        }),
      ),
    ];
    this.#shown.set(uri.toString(), { version, findings });
    const where = (path: ConfigPath) => new vscode.Location(uri, toRange(parsed.underline(path)));
    this.#collection.set(
      uri,
      findings.map((one) => toDiagnostic(one, uri, where)),
    );
    return findings;
  }

  /** What is to be said of the ranges as they stand, and what the latest sweep found that is complete. */
  #ofSweep(uri: vscode.Uri, text: string): Omit<ShownFinding, 'range'>[] {
    const { findingsBeside, findingsOfRanges } = loadCore();
    const sweep = this.#sweeps.of(uri).find(({ phase }) => phase === 'completed');
    const ran = sweep ? { configText: sweep.started.configText, findings: sweep.findings } : null;
    return findingsBeside(text, uri.path, ran, findingsOfRanges(text, uri.path)).map((one) => ({
      ...one,
      foundBy: sweep?.findings.includes(one.finding)
        ? { what: 'sweep', startedAt: sweep.started.startedAt }
        : null,
    }));
  }

  /** Where a key stands, or should. */
  rangeOf(document: vscode.TextDocument, path: ConfigPath): vscode.Range {
    return toRange(this.#documents.parse(document).underline(path));
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #lookAtAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  #schedule(document: vscode.TextDocument, wait: number): void {
    if (!isConfigUri(document.uri)) return;
    const key = document.uri.toString();
    clearTimeout(this.#pending.get(key));
    const look = () => {
      this.#pending.delete(key);
      void this.look(document);
    };
    this.#pending.set(key, setTimeout(look, wait));
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    clearTimeout(this.#pending.get(key));
    this.#pending.delete(key);
    this.#shown.delete(key);
    this.#collection.delete(uri);
  }
}

/** What a run or a sweep has found, and whether it can be set against the text. */
interface Told {
  findings: readonly Finding[];
  holds: boolean;
}

function toldBy(one: Run | Sweep): Told {
  if ('summary' in one)
    return { findings: one.summary.findings, holds: one.summary.configText !== null };
  return { findings: one.findings, holds: one.phase === 'completed' };
}

function toDiagnostic(
  { finding, stale, range, foundBy }: ShownFinding,
  config: vscode.Uri,
  where: (path: ConfigPath) => vscode.Location,
): vscode.Diagnostic {
  const { rule, severity, message } = finding;
  const text = stale && foundBy ? `${message} ${before(foundBy)}` : message;
  const level = stale ? vscode.DiagnosticSeverity.Hint : toSeverity(severity);
  const diagnostic = new vscode.Diagnostic(range, text, level);
  diagnostic.source = 'trainscope';
  diagnostic.code = { value: rule, target: rulePage(rule) };
  diagnostic.relatedInformation = evidenceOf(finding, config, where);
  return diagnostic;
}

function before({ what, startedAt }: NonNullable<ShownFinding['foundBy']>): string {
  const time = formatTime(startedAt);
  return what === 'run'
    ? vscode.l10n.t('(Of the run of {0}, before this edit.)', time)
    : vscode.l10n.t('(Of the sweep of {0}, before this edit.)', time);
}

/** The other keys that it rests on or a fix would change, and where in the data it shows. */
function evidenceOf(
  { path, layer, data, fixes }: Finding,
  config: vscode.Uri,
  where: (path: ConfigPath) => vscode.Location,
): vscode.DiagnosticRelatedInformation[] {
  const { t } = vscode.l10n;
  const related: vscode.DiagnosticRelatedInformation[] = [];
  const seen = new Set([path.join()]);
  const add = (at: ConfigPath, text: string) => {
    if (seen.has(at.join())) return;
    seen.add(at.join());
    related.push(new vscode.DiagnosticRelatedInformation(where(at), text));
  };
  if (data && data.line !== undefined) {
    const file = vscode.Uri.file(resolve(dirname(config.fsPath), data.file));
    const start = new vscode.Position(data.line - 1, 0);
    const text = t('the first such value, in column {0}', data.column);
    related.push(new vscode.DiagnosticRelatedInformation(new vscode.Location(file, start), text));
  }
  if (layer) add(layer, t('the layer where it shows'));
  for (const { title, edits } of fixes)
    for (const edit of edits) add(edit.path, t('to be changed by the fix “{0}”', title));
  return related;
}
