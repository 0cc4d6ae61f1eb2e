import * as vscode from 'vscode';
import type { CommandId } from '../ids.ts';
import type { RunStore } from '../runs/store.ts';

/** ▶ Train, ✓ Check and, while a run of this file is active, its controls: above the first line. */
export class ConfigLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #store: RunStore;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(store: RunStore) {
    this.#store = store;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const range = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: CommandId, argument: unknown, tooltip: string) =>
      new vscode.CodeLens(range, { title, command, arguments: [argument], tooltip });
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
    return lenses;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
