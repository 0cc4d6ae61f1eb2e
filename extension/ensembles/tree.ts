import * as vscode from 'vscode';
import type { EnsemblePhase } from '../../webview/ensemble/protocol.ts';
import { formatBytes, formatFraction } from '../format.ts';
import { type CommandId, VIEWS } from '../ids.ts';
import { formatTime } from '../sidebar/runs.ts';
import { Throttle } from '../throttle.ts';
import type { Ensemble } from './ensemble.ts';
import type { EnsembleStore } from './store.ts';

const ICONS: { [P in EnsemblePhase]: [icon: string, color: string | null] } = {
  preparing: ['loading~spin', null],
  training: ['sync~spin', 'charts.blue'],
  measuring: ['sync~spin', 'charts.blue'],
  stopping: ['loading~spin', null],
  completed: ['pass', 'charts.green'],
  stopped: ['stop-circle', null],
  elsewhere: ['sync~spin', null],
  failed: ['error', 'charts.red'],
};

/** The ensembles of this workspace, newest first, in the sidebar. */
export class EnsembleTree implements vscode.TreeDataProvider<Ensemble>, vscode.Disposable {
  readonly #store: EnsembleStore;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Ensemble>;
  readonly #redraw = new Throttle(250, () => this.#draw());
  readonly #subscriptions: vscode.Disposable[];

  constructor(store: EnsembleStore) {
    this.#store = store;
    this.#view = vscode.window.createTreeView(VIEWS.ensembles, { treeDataProvider: this });
    this.#subscriptions = [
      store.onDidChange(() => this.#redraw.request()),
      this.#redraw,
      this.#view,
      this.#changed,
    ];
  }

  get selection(): readonly Ensemble[] {
    return this.#view.selection;
  }

  getChildren(node?: Ensemble): Ensemble[] {
    return node ? [] : [...this.#store.ensembles];
  }

  getTreeItem(ensemble: Ensemble): vscode.TreeItem {
    const { name, startedAt, phase, folder } = ensemble;
    const item = new vscode.TreeItem(`${name} · ${formatTime(startedAt)}`);
    const [icon, color] = ICONS[phase];
    item.id = folder;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.description = describe(ensemble);
    item.tooltip = tooltip(ensemble);
    item.contextValue = ensemble.viewItem;
    item.accessibilityInformation = { label: `${name}, ${item.description}` };
    const command: CommandId = 'trainscope.openEnsemble';
    item.command = { command, title: vscode.l10n.t('Open Ensemble'), arguments: [ensemble] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #draw(): void {
    this.#changed.fire(undefined);
    const active = this.#store.ensembles.filter(({ job }) => job).length;
    this.#view.badge =
      active > 0
        ? { value: active, tooltip: vscode.l10n.t('{0} in the making', active) }
        : undefined;
  }
}

/** e.g. `snapshots by average · accuracy 0.968`, or how far it is. */
export function describe(ensemble: Ensemble): string {
  const { state, phase } = ensemble;
  if (!state.finished) {
    if (phase !== 'training') return phaseName(phase);
    const { begun, members } = state;
    return vscode.l10n.t('{0}/{1} trained', members.size, begun?.runs ?? 0);
  }
  const { method, combine, validation } = state.finished.best;
  const what = combine ? vscode.l10n.t('{0} by {1}', method, combine) : method;
  const { accuracy, r2, loss } = validation;
  if (accuracy !== null) return `${what} · accuracy ${formatFraction(accuracy)}`;
  if (r2 !== null) return `${what} · R² ${formatFraction(r2)}`;
  return loss === null ? what : `${what} · loss ${formatFraction(loss)}`;
}

function tooltip(ensemble: Ensemble): string {
  const { name, phase, message, size, startedAt } = ensemble;
  return [
    `${name}: ${phaseName(phase)}`,
    message,
    vscode.l10n.t('started {0}', new Date(startedAt).toLocaleString()),
    size > 0 ? vscode.l10n.t('{0} on disk', formatBytes(size)) : null,
  ]
    .filter(Boolean)
    .join('\n');
}

function phaseName(phase: EnsemblePhase): string {
  switch (phase) {
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'training':
      return vscode.l10n.t('training');
    case 'measuring':
      return vscode.l10n.t('comparing');
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'completed':
      return vscode.l10n.t('completed');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'elsewhere':
      return vscode.l10n.t('made by another process');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}
