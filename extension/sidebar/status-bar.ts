import * as vscode from 'vscode';
import { formatFraction } from '../format.ts';
import type { CommandId } from '../ids.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { measuredQuality } from '../runs/summary.ts';
import { formatEpoch, qualityName, stateName } from './runs.ts';

/** Says what trains while something trains; a click opens its dashboard. */
export class TrainingStatus implements vscode.Disposable {
  readonly #store: RunStore;
  readonly #item = vscode.window.createStatusBarItem(
    'trainscope.training',
    vscode.StatusBarAlignment.Left,
  );

  constructor(store: RunStore) {
    this.#store = store;
    this.#item.name = 'Trainscope';
  }

  refresh(): void {
    const active = this.#store.runs.filter((run) => run.active);
    const shown = active.find((run) => run.summary.state !== 'paused') ?? active[0];
    if (!shown) {
      this.#item.hide();
      return;
    }
    const icon = shown.summary.state === 'paused' ? '$(debug-pause)' : '$(sync~spin)';
    const more = active.length > 1 ? ` +${active.length - 1}` : '';
    this.#item.text = `${icon} ${progressText(shown)}${more}`;
    this.#item.tooltip = active
      .map((run) => `${progressText(run)} · ${stateName(run.summary.state)}`)
      .join('\n');
    this.#item.accessibilityInformation = { label: `${shown.summary.name}, ${this.#item.tooltip}` };
    const command: CommandId = 'trainscope.openDashboard';
    this.#item.command = { command, title: vscode.l10n.t('Open Dashboard'), arguments: [shown] };
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** e.g. `digits 12.4/20 · accuracy 0.953`. */
function progressText(run: Run): string {
  const { name, epoch, epochs } = run.summary;
  const quality = measuredQuality(run.summary);
  const measured = Number.isNaN(quality) ? '' : ` · ${qualityName(run)} ${formatFraction(quality)}`;
  return `${name} ${formatEpoch(epoch)}/${epochs}${measured}`;
}
