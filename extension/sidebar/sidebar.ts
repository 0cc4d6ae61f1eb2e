import * as vscode from 'vscode';
import { setContext } from '../context.ts';
import { VIEWS } from '../ids.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { Throttle } from '../throttle.ts';
import { ConfigTree } from './configs.ts';
import { diskUse, type RunNode, RunTree } from './runs.ts';

const BY_TIME = 'runsByTime';

/** The activity-bar container: configs above, runs below. */
export class Sidebar implements vscode.Disposable {
  readonly #configs = new ConfigTree();
  readonly #runs: RunTree;
  readonly #configView: vscode.TreeView<vscode.Uri>;
  readonly #runView: vscode.TreeView<RunNode>;
  readonly #store: RunStore;
  readonly #memory: vscode.Memento;
  /** Runs whose line is out of date; null: the list itself is. */
  readonly #changed = new Set<Run | null>();
  readonly #redraw = new Throttle(250, () => this.#drawChanged());

  constructor(store: RunStore, memory: vscode.Memento) {
    this.#store = store;
    this.#memory = memory;
    this.#runs = new RunTree(store);
    this.#configView = vscode.window.createTreeView(VIEWS.configs, {
      treeDataProvider: this.#configs,
    });
    this.#runView = vscode.window.createTreeView(VIEWS.runs, {
      treeDataProvider: this.#runs,
      showCollapseAll: true,
    });
    this.setByTime(memory.get(BY_TIME, false));
  }

  get selection(): readonly RunNode[] {
    return this.#runView.selection;
  }

  setByTime(byTime: boolean): void {
    this.#runs.byTime = byTime;
    setContext('trainscope.runsByTime', byTime);
    void this.#memory.update(BY_TIME, byTime);
  }

  /** Soon draws this run's line anew, or the whole list. */
  refresh(run: Run | null): void {
    this.#changed.add(run);
    this.#redraw.request();
  }

  dispose(): void {
    this.#redraw.dispose();
    this.#configView.dispose();
    this.#runView.dispose();
    this.#configs.dispose();
    this.#runs.dispose();
  }

  #drawChanged(): void {
    if (this.#changed.has(null)) this.#drawAll();
    else for (const run of this.#changed) this.#runs.refresh(run);
    this.#changed.clear();
  }

  #drawAll(): void {
    this.#runs.refresh(null);
    const { runs } = this.#store;
    const active = runs.filter((run) => run.active).length;
    this.#runView.description = diskUse(runs);
    this.#runView.badge =
      active > 0 ? { value: active, tooltip: vscode.l10n.t('{0} training', active) } : undefined;
  }
}
