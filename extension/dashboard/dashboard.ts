import type * as vscode from 'vscode';
import type { RunHistory, SeriesFeed } from '../../core/runs/index.ts';
import {
  DEFAULT_SETTINGS,
  type FromView,
  type LogDamage,
  type RunDelta,
  type ToView,
  type ViewSettings,
} from '../../webview/protocol.ts';
import { loadCore } from '../load-core.ts';
import { ask } from '../runs/ask.ts';
import type { Run } from '../runs/run.ts';
import type { RunStore } from '../runs/store.ts';
import { Throttle } from '../throttle.ts';
import { actOnFinding, carryOut } from './actions.ts';
import { Exploration } from './explorer.ts';
import { runHeader } from './header.ts';
import { openPage } from './html.ts';
import { Inside } from './inside.ts';
import { handOut } from './save.ts';

/** Updates of a visible view: at most 10 a second. */
const INTERVAL = 100;
/** The run list offers this many of the newest runs, and those that train. */
const OFFERED = 10;

/**
 * The host's side of one dashboard. It owns the series: sends them whole when the view appears, as
 * deltas while it is visible, and nothing while it is hidden. Only shown runs are read from disk.
 */
export class Dashboard {
  readonly panel: vscode.WebviewPanel;
  readonly #store: RunStore;
  readonly #folder: string;
  #focus: Run;
  #settings: ViewSettings;
  /** The view has said that it is there, and has not been hidden since. */
  #ready = false;
  /** The curves of each shown run as the view has them; null while its log is being read. */
  readonly #feeds = new Map<Run, SeriesFeed | null>();
  /** Ids of the runs that the view knows, in the order of the list. */
  #shown: string[] = [];
  readonly #inside = new Inside(
    (message) => this.#post(message),
    (run, message) => this.#find(run, (found) => this.#tell(found, { message, whole: false })),
  );
  readonly #exploration: Exploration<Run>;
  /** It was told that this run is seen. */
  #explored = false;
  readonly #changed = new Set<Run>();
  readonly #send = new Throttle(INTERVAL, () => this.#update());
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    store: RunStore,
    run: Run,
    settings: ViewSettings | null,
  ) {
    this.panel = panel;
    this.#store = store;
    this.#folder = run.runsFolder;
    this.#focus = run;
    this.#settings = settings ?? { ...DEFAULT_SETTINGS, hidden: this.#others(run) };
    this.#exploration = new Exploration<Run>({
      post: (message) => {
        if (this.#ready) this.#post(message);
      },
      launch: (explored, leave) => store.explore(explored, leave),
      checkpoints: (folder) => loadCore().listCheckpoints(folder),
      box: (answer) => loadCore().boxNumbers(answer),
    });
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: FromView) => this.#hear(message)),
      panel.onDidChangeViewState(() => {
        // A hidden page is thrown away; when it shows again, it says `ready` again.
        if (panel.visible) return;
        this.#ready = false;
        this.#exploration.show(null);
        this.#exploration.forget();
      }),
    ];
    this.focus(run, false);
    openPage(panel, dist, 'dashboard');
    // While the page loads; both take a while for a long run.
    void this.#load(run);
  }

  /** Makes this the run that the line of numbers shows, with its curves. */
  focus(run: Run, shown: boolean): void {
    this.#focus = run;
    const { hidden } = this.#settings;
    if (hidden.includes(run.id))
      this.#settings = { ...this.#settings, hidden: hidden.filter((id) => id !== run.id) };
    this.panel.title = run.summary.name;
    if (shown) this.#hydrate();
  }

  /** Whether the user has this run before their eyes. */
  isShowing(run: Run): boolean {
    return this.panel.visible && this.#focus === run;
  }

  /** A run has news; null: runs came or went. */
  refresh(run: Run | null): void {
    if (run) this.#touch(run);
    else if (
      this.#offered()
        .map(({ id }) => id)
        .join() !== this.#shown.join()
    )
      this.#hydrate();
  }

  /** Resolves when nothing runs for it any more. */
  async dispose(): Promise<void> {
    // A log that is being read arrives after this.
    this.#ready = false;
    this.#send.dispose();
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
    this.panel.dispose();
    await this.#exploration.dispose();
  }

  #touch(run: Run): void {
    if (run.runsFolder !== this.#folder || !this.#ready) return;
    this.#changed.add(run);
    this.#send.request();
  }

  #hear(message: FromView): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#exploration.forget();
        if (message.settings) this.#settings = { ...DEFAULT_SETTINGS, ...message.settings };
        this.focus(this.#focus, true);
        break;
      case 'settings':
        this.#settings = message.settings;
        this.#hydrate();
        break;
      case 'focus':
        this.#find(message.run, (run) => this.focus(run, true));
        break;
      case 'pictures':
        if (this.#ready) this.#inside.wantPictures(message.run, message.tensors);
        break;
      case 'weights':
        if (this.#ready) this.#inside.wantWeights(message.run, message.wanted);
        break;
      case 'ask':
        this.#exploration.ask(message.session, message.id, message.query);
        break;
      case 'cancel':
        this.#exploration.cancel(message.id);
        break;
      case 'openExplorer':
        this.#find(message.run, (run) => this.#exploration.open(run));
        break;
      case 'command':
        this.#find(message.run, (run) => carryOut(run, message.command));
        break;
      case 'finding':
        this.#find(
          message.run,
          (run) => void actOnFinding(run.config, run.summary.findings, message),
        );
        break;
      case 'save':
      case 'copy':
      case 'notSaved':
        this.#find(message.run, (run) => handOut({ id: run.id, file: run.config }, message));
        break;
      case 'learningRate':
        this.#find(
          message.run,
          (run) => void ask(run, (handle) => handle.setLearningRate(message.value)),
        );
        break;
    }
  }

  #find(id: string, act: (run: Run) => void): void {
    const run = this.#store.within(this.#folder).find((candidate) => candidate.id === id);
    if (run) act(run);
  }

  /** The runs of the list: the newest, whatever trains, and the one in focus. */
  #offered(): Run[] {
    return this.#store
      .within(this.#folder)
      .filter((run, age) => age < OFFERED || run.active || run === this.#focus);
  }

  /** Everything, for a view that has nothing. */
  #hydrate(): void {
    if (!this.#ready) return;
    this.#changed.clear();
    const offered = this.#offered();
    for (const run of this.#feeds.keys()) if (!offered.includes(run)) this.#feeds.delete(run);
    for (const feed of this.#feeds.values()) feed?.reset();
    this.#shown = offered.map(({ id }) => id);
    const runs = offered.map((run) => this.#delta(run));
    this.#post({ type: 'hydrate', settings: this.#settings, focus: this.#focus.id, runs });
    this.#inside.reset();
    this.#lookInside();
    this.#explored = this.#explores();
    this.#exploration.show(this.#explored ? this.#focus : null);
  }

  #update(): void {
    if (!this.#ready) return;
    const runs = [...this.#changed].map((run) => this.#delta(run));
    const inside = this.#changed.has(this.#focus);
    this.#changed.clear();
    this.#post({ type: 'update', runs });
    if (!inside) return;
    this.#lookInside();
    // Whether the network is small is known once its log is read.
    if (this.#explores() === this.#explored) this.#exploration.look();
    else this.#hydrate();
  }

  /** Whether the tab asks the network questions; of graphs, only those of single values do. */
  #explores(): boolean {
    const { tab } = this.#settings;
    if (tab !== 'graph') return tab === 'features';
    const started = this.#feeds.get(this.#focus)?.history.started;
    return started ? loadCore().mayBeSmall(started.plan) : false;
  }

  #lookInside(): void {
    const history = this.#feeds.get(this.#focus)?.history;
    if (!history) return;
    const { tab } = this.#settings;
    if (tab !== 'curves') this.#inside.update(tab, this.#focus.id, history);
    // The curves are there; what else there is will have been read when it is asked for.
    else if (!history.isInsideRead) void this.#inside.read(this.#focus.id, history);
  }

  /** The header of a run, and what the view has not seen yet of its curves if they are shown. */
  #delta(run: Run): RunDelta {
    if (this.#settings.hidden.includes(run.id)) {
      this.#feeds.delete(run);
      return { header: runHeader(run, false), series: [] };
    }
    const known = this.#feeds.get(run);
    // A run of earlier days goes on.
    const stale = known && run.history && known.history !== run.history;
    if (stale || !this.#feeds.has(run)) void this.#load(run);
    const feed = this.#feeds.get(run);
    const header = runHeader(run, feed === null);
    if (this.#settings.tab !== 'curves') return { header, series: [] };
    feed?.setView(this.#settings);
    return { header, series: feed?.deltas() ?? [] };
  }

  async #load(run: Run): Promise<void> {
    this.#feeds.set(run, null);
    if (run.history) {
      this.#feeds.set(run, this.#feed(run.history));
      return;
    }
    try {
      let growing: SeriesFeed | null = null;
      const history = await this.#store.history(run, (part) => {
        growing ??= new (loadCore().SeriesFeed)(part, this.#settings);
        growing.advance();
      });
      // It may have been hidden, or the panel closed, meanwhile.
      if (this.#feeds.get(run) !== null) return;
      this.#feeds.set(run, this.#feed(history, growing));
      this.#touch(run);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#tell(run, { message, whole: true });
    }
  }

  /** What is wrong with a run, beside its numbers. */
  #tell(run: Run, damage: LogDamage): void {
    run.summary.damage ??= damage;
    this.#touch(run);
  }

  #feed(history: RunHistory, started: SeriesFeed | null = null): SeriesFeed {
    const feed = started ?? new (loadCore().SeriesFeed)(history, this.#settings);
    // Most of the work is in the first look at a long run: better while the page still loads.
    if (!this.#ready) feed.deltas();
    return feed;
  }

  #post(message: ToView): void {
    void this.panel.webview.postMessage(message);
  }

  #others(run: Run): string[] {
    return this.#offered()
      .filter((other) => other !== run)
      .map(({ id }) => id);
  }
}
