import * as vscode from 'vscode';
import { formatFraction } from '../format.ts';
import type { CommandId } from '../ids.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { measuredQuality } from '../runs/summary.ts';
import { formatEpoch, qualityName, stateName } from './runs.ts';

/** Something that is trained just now. */
export interface Ongoing {
  /** How far it is, e.g. `digits 12.4/20 · accuracy 0.953`. */
  text: string;
  state: string;
  isPaused: boolean;
  /** Shows it. */
  open: vscode.Command;
}

/** Says what trains while something trains: runs, and the sweeps and ensembles of this window. A click opens it. */
export class TrainingStatus implements vscode.Disposable {
  readonly #store: RunStore;
  readonly #desks: readonly { ongoing(): Ongoing[] }[];
  readonly #item = vscode.window.createStatusBarItem(
    'trainscope.training',
    vscode.StatusBarAlignment.Left,
  );

  constructor(store: RunStore, desks: readonly { ongoing(): Ongoing[] }[]) {
    this.#store = store;
    this.#desks = desks;
    this.#item.name = 'Trainscope';
  }

  refresh(): void {
    const works = this.#desks.flatMap((desk) => desk.ongoing());
    const all = [...this.#store.active.map(ongoing), ...works];
    const shown = all.find(({ isPaused }) => !isPaused) ?? all[0];
    if (!shown) {
      this.#item.hide();
      return;
    }
    const icon = shown.isPaused ? '$(debug-pause)' : '$(sync~spin)';
    const more = all.length > 1 ? ` +${all.length - 1}` : '';
    const tooltip = all.map(({ text, state }) => `${text} · ${state}`).join('\n');
    this.#item.text = `${icon} ${shown.text}${more}`;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: tooltip };
    this.#item.command = shown.open;
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function ongoing(run: Run): Ongoing {
  const { name, epoch, epochs, state } = run.summary;
  const quality = measuredQuality(run.summary);
  const measured = Number.isNaN(quality) ? '' : ` · ${qualityName(run)} ${formatFraction(quality)}`;
  const command: CommandId = 'trainscope.openDashboard';
  return {
    text: `${name} ${formatEpoch(epoch)}/${epochs}${measured}`,
    state: stateName(state),
    isPaused: state === 'paused',
    open: { command, title: vscode.l10n.t('Open Dashboard'), arguments: [run] },
  };
}
