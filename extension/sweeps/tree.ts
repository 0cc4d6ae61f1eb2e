import * as vscode from 'vscode';
import type { SweepPhase } from '../../webview/sweep/protocol.ts';
import { formatBytes, formatFraction } from '../format.ts';
import { type CommandId, VIEWS } from '../ids.ts';
import { formatTime } from '../sidebar/runs.ts';
import { Throttle } from '../throttle.ts';
import type { SweepStore } from './store.ts';
import type { Sweep } from './sweep.ts';

const ICONS: { [P in SweepPhase]: [icon: string, color: string | null] } = {
  preparing: ['loading~spin', null],
  running: ['sync~spin', 'charts.blue'],
  stopping: ['loading~spin', null],
  completed: ['pass', 'charts.green'],
  stopped: ['stop-circle', null],
  elsewhere: ['sync~spin', null],
  failed: ['error', 'charts.red'],
};

/** The sweeps of this workspace, newest first, in the sidebar. */
export class SweepTree implements vscode.TreeDataProvider<Sweep>, vscode.Disposable {
  readonly #store: SweepStore;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Sweep>;
  readonly #redraw = new Throttle(250, () => this.#draw());
  readonly #subscriptions: vscode.Disposable[];

  constructor(store: SweepStore) {
    this.#store = store;
    this.#view = vscode.window.createTreeView(VIEWS.sweeps, { treeDataProvider: this });
    this.#subscriptions = [
      store.onDidChange(() => this.#redraw.request()),
      this.#redraw,
      this.#view,
      this.#changed,
    ];
  }

  get selection(): readonly Sweep[] {
    return this.#view.selection;
  }

  getChildren(node?: Sweep): Sweep[] {
    return node ? [] : [...this.#store.sweeps];
  }

  getTreeItem(sweep: Sweep): vscode.TreeItem {
    const { started, phase, folder } = sweep;
    const item = new vscode.TreeItem(`${started.name} · ${formatTime(started.startedAt)}`);
    const [icon, color] = ICONS[phase];
    item.id = folder;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.description = describe(sweep);
    item.tooltip = tooltip(sweep);
    item.contextValue = sweep.viewItem;
    item.accessibilityInformation = {
      label: `${started.name}, ${phaseName(phase)}, ${item.description}`,
    };
    const command: CommandId = 'trainscope.openSweep';
    item.command = { command, title: vscode.l10n.t('Open Sweep'), arguments: [sweep] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #draw(): void {
    this.#changed.fire(undefined);
    const active = this.#store.sweeps.filter(({ job }) => job).length;
    this.#view.badge =
      active > 0 ? { value: active, tooltip: vscode.l10n.t('{0} searching', active) } : undefined;
  }
}

/** e.g. `0.968 · 145/145`. */
export function describe({ feed }: Sweep): string {
  if (!feed) return vscode.l10n.t('unreadable');
  const { best, planned, quality } = feed.facts();
  const ended = [...feed.state.trials.values()].filter((trial) => trial.ended).length;
  const { trials } = feed.state;
  const record = best && trials.get(best.place + 1)?.ended;
  const metrics = record && (record.validation ?? record.train);
  const score = best?.seeds?.mean ?? metrics?.accuracy ?? metrics?.r2 ?? null;
  const parts = score === null ? [] : [`${quality} ${formatFraction(score)}`];
  return [...parts, vscode.l10n.t('{0}/{1} trials', ended, planned)].join(' · ');
}

function tooltip(sweep: Sweep): string {
  const { started, phase, message, size } = sweep;
  return [
    `${started.name}: ${phaseName(phase)}`,
    message,
    vscode.l10n.t('started {0}', new Date(started.startedAt).toLocaleString()),
    size > 0 ? vscode.l10n.t('{0} on disk', formatBytes(size)) : null,
  ]
    .filter(Boolean)
    .join('\n');
}

export function phaseName(phase: SweepPhase): string {
  switch (phase) {
    case 'preparing':
      return vscode.l10n.t('preparing');
    case 'running':
      return vscode.l10n.t('searching');
    case 'stopping':
      return vscode.l10n.t('stopping');
    case 'completed':
      return vscode.l10n.t('completed');
    case 'stopped':
      return vscode.l10n.t('stopped');
    case 'elsewhere':
      return vscode.l10n.t('searching in another process');
    case 'failed':
      return vscode.l10n.t('failed');
  }
}
