import * as vscode from 'vscode';
import type { EnsembleStore } from '../ensembles/store.ts';
import type { CommandId } from '../ids.ts';
import type { RunStore } from '../runs/store.ts';
import type { SweepStore } from '../sweeps/store.ts';
import type { ConfigDocuments } from './documents.ts';
import { toRange } from './positions.ts';

/**
 * ▶ Train, ✓ Check and, while a run of this file is active, its controls: above the first line. ⚙ Sweep and its
 * controls, ∑ Ensemble and its own: above their keys.
 */
export class ConfigLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #store: RunStore;
  readonly #sweeps: SweepStore;
  readonly #ensembles: EnsembleStore;
  readonly #documents: ConfigDocuments;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(
    store: RunStore,
    sweeps: SweepStore,
    ensembles: EnsembleStore,
    documents: ConfigDocuments,
  ) {
    this.#store = store;
    this.#sweeps = sweeps;
    this.#ensembles = ensembles;
    this.#documents = documents;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lens = lensesAt(0);
    const { t } = vscode.l10n;
    const { uri } = document;
    const lenses = [
      lens(t('▶ Train'), 'trainscope.train', uri, t('Train this network and open the dashboard')),
      lens(
        t('✓ Check'),
        'trainscope.check',
        uri,
        t('Look before training: data, first loss, signals and gradients, learning rate'),
      ),
    ];
    const runs = this.#store.of(uri);
    const active = runs.find((run) => run.active && run.handle);
    if (active?.summary.state === 'paused')
      lenses.push(lens(t('▶ Resume'), 'trainscope.resume', active, t('Continue the paused run')));
    else if (active)
      lenses.push(
        lens(t('❚❚ Pause'), 'trainscope.pause', active, t('Pause the run of this config')),
      );
    if (active)
      lenses.push(lens(t('◼ Stop'), 'trainscope.stop', active, t('End the run of this config')));
    const shown = active ?? runs[0];
    if (shown)
      lenses.push(
        lens(
          t('Open dashboard'),
          'trainscope.openDashboard',
          shown,
          t('Show the latest run of this config'),
        ),
      );
    return [...lenses, ...this.#sweepLenses(document), ...this.#ensembleLenses(document)];
  }

  /** Above the key; none in a config that says nothing of an ensemble. */
  #ensembleLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lens = this.#lensesAbove('ensemble', document);
    if (!lens) return [];
    const { t } = vscode.l10n;
    const { uri } = document;
    const [latest] = this.#ensembles.of(uri);
    const lenses = latest?.job
      ? [lens(t('◼ Stop ensemble'), 'trainscope.stopEnsemble', latest, t('It can go on later'))]
      : [
          lens(t('∑ Ensemble'), 'trainscope.ensemble', uri, t('Train its members and compare')),
          lens(
            t('Compare all methods'),
            'trainscope.compareEnsembles',
            uri,
            t('Every ensemble that this config can have'),
          ),
        ];
    if (latest?.canGoOn)
      lenses.push(
        lens(
          t('▶ Resume ensemble'),
          'trainscope.resumeEnsemble',
          latest,
          t('Go on where it was stopped'),
        ),
      );
    if (latest)
      lenses.push(
        lens(t('Open ensemble'), 'trainscope.openEnsemble', latest, t('Show the latest one')),
      );
    return lenses;
  }

  /** None in a config that says nothing of a search. */
  #sweepLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lens = this.#lensesAbove('sweep', document);
    if (!lens) return [];
    const { t } = vscode.l10n;
    const { uri } = document;
    const [latest] = this.#sweeps.of(uri);
    const lenses = latest?.job
      ? [lens(t('◼ Stop sweep'), 'trainscope.stopSweep', latest, t('It can go on later'))]
      : [lens(t('⚙ Sweep'), 'trainscope.sweep', uri, t('Search these ranges on all cores'))];
    if (latest?.canGoOn)
      lenses.push(
        lens(
          t('▶ Resume sweep'),
          'trainscope.resumeSweep',
          latest,
          t('Go on where it was stopped'),
        ),
      );
    if (latest)
      lenses.push(
        lens(t('Open sweep'), 'trainscope.openSweep', latest, t('Show the latest sweep')),
      );
    return lenses;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** Null where the config does not have this key. */
  #lensesAbove(key: string, document: vscode.TextDocument): MakeLens | null {
    const parsed = this.#documents.parse(document);
    if (parsed.valueAt([key]) === undefined) return null;
    return lensesAt(toRange(parsed.underline([key])).start.line);
  }
}

type MakeLens = (
  title: string,
  command: CommandId,
  argument: unknown,
  tooltip: string,
) => vscode.CodeLens;

function lensesAt(line: number): MakeLens {
  const range = new vscode.Range(line, 0, line, 0);
  return (title, command, argument, tooltip) =>
    new vscode.CodeLens(range, { title, command, arguments: [argument], tooltip });
}
