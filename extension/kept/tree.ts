import * as vscode from 'vscode';
import type { WorkPhase } from '../../webview/work/protocol.ts';
import { formatBytes } from '../format.ts';
import { Throttle } from '../throttle.ts';
import type { WorkKind } from './kind.ts';
import type { Works } from './store.ts';
import type { Work } from './work.ts';

const ICONS: { readonly [P in WorkPhase]: [icon: string, color: string | null] } = {
  preparing: ['loading~spin', null],
  stopping: ['loading~spin', null],
  completed: ['pass', 'charts.green'],
  stopped: ['stop-circle', null],
  elsewhere: ['sync~spin', null],
  failed: ['error', 'charts.red'],
};
const ACTIVE: [icon: string, color: string] = ['sync~spin', 'charts.blue'];

/** The works of a kind in this workspace, newest first, in the sidebar. */
export class WorkTree<W extends Work> implements vscode.TreeDataProvider<W>, vscode.Disposable {
  readonly #store: Works<W>;
  readonly #kind: WorkKind<W>;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<W>;
  readonly #redraw = new Throttle(250, () => this.#draw());
  readonly #subscriptions: vscode.Disposable[];

  constructor(store: Works<W>, kind: WorkKind<W>) {
    this.#store = store;
    this.#kind = kind;
    this.#view = vscode.window.createTreeView(kind.tree, { treeDataProvider: this });
    this.#subscriptions = [
      store.onDidChange(() => this.#redraw.request()),
      this.#redraw,
      this.#view,
      this.#changed,
    ];
  }

  get selection(): readonly W[] {
    return this.#view.selection;
  }

  getChildren(node?: W): W[] {
    return node ? [] : [...this.#store.all];
  }

  getTreeItem(work: W): vscode.TreeItem {
    const { folder, label, name, phase, phaseName, description, viewItem } = work;
    const item = new vscode.TreeItem(label);
    const [icon, color] = phase in ICONS ? ICONS[phase as WorkPhase] : ACTIVE;
    item.id = folder;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.description = description;
    item.tooltip = tooltip(work);
    item.contextValue = viewItem;
    const said = new Set([name, phaseName, description]);
    item.accessibilityInformation = { label: [...said].join(', ') };
    item.command = { command: this.#kind.open, title: this.#kind.words().open, arguments: [work] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #draw(): void {
    this.#changed.fire(undefined);
    const active = this.#store.all.filter(({ job }) => job).length;
    this.#view.badge =
      active > 0 ? { value: active, tooltip: this.#kind.words().active(active) } : undefined;
  }
}

function tooltip({ name, phaseName, message, startedAt, size }: Work): string {
  return [
    `${name}: ${phaseName}`,
    message,
    vscode.l10n.t('started {0}', new Date(startedAt).toLocaleString()),
    size > 0 ? vscode.l10n.t('{0} on disk', formatBytes(size)) : null,
  ]
    .filter(Boolean)
    .join('\n');
}
