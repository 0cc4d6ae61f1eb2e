import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RunEvent } from '../../core/events/run-event.ts';
import type { RunHistory } from '../../core/runs/history.ts';
import type { RunListing } from '../../core/runs/list.ts';
import type { CheckResult } from '../../core/sanity/check.ts';
import type { CheckOptions } from '../../core/sanity/launch-checks.ts';
import type { RunHandle } from '../../core/session/launch.ts';
import type { ExplorerHandle } from '../../core/session/launch-explorer.ts';
import type { MemoryBudget } from '../../core/session/memory-budget.ts';
import type { PrepareRequest } from '../../core/session/prepare.ts';
import type { RunRequest } from '../../core/session/protocol.ts';
import { KeptFolders } from '../kept/folders.ts';
import { configName } from '../language/documents.ts';
import { loadCore } from '../load-core.ts';
import { readableRoots } from '../trust.ts';
import { FollowedRun } from './followed-run.ts';
import { memoryLimit } from './memory.ts';
import { Run } from './run.ts';
import { emptySummary, isActive, summarize } from './summary.ts';

/** A run that goes on: the same as before, for all who show it. */
export interface EarlierRun {
  run: Run;
  history: RunHistory;
}

/**
 * Every run of the workspace: those of our own workers, those that another process trains just now,
 * and those of earlier days. One list, newest first.
 */
export class RunStore {
  readonly folders = new KeptFolders<Run, RunListing>('runs', {
    list: (folder) => loadCore().listRuns(folder),
    destroy: (folder) => loadCore().deleteRun(folder),
    known: () => this.#runs.values(),
    see: (listing) => this.#see(listing),
    forget: (run) => this.#remove(run),
    compared: () => this.#changed.fire(null),
  });
  readonly #workerFile: string;
  readonly #runs = new Map<string, Run>();
  /** Runs of ours from their launch on, before they have a folder, until their worker is gone. */
  readonly #handles = new Set<RunHandle>();
  /** Logs that another process is writing. */
  readonly #followed = new Map<Run, FollowedRun>();
  #budget: MemoryBudget | null = null;
  #sorted: readonly Run[] | null = null;

  readonly #changed = new vscode.EventEmitter<Run | null>();
  readonly #stateChanged = new vscode.EventEmitter<Run>();
  readonly #finished = new vscode.EventEmitter<Run>();
  /** A run has news; null: runs came or went. */
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeState = this.#stateChanged.event;
  /** A run of this window ended, and its worker with it. */
  readonly onDidFinish = this.#finished.event;

  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** Newest first; trials of sweeps are none of these. */
  get runs(): readonly Run[] {
    this.#sorted ??= [...this.#runs.values()]
      .filter(({ isTrial }) => !isTrial)
      .sort((a, b) => b.summary.startedAt - a.summary.startedAt);
    return this.#sorted;
  }

  /** Those that are trained just now, of trials only those that this window trains on by themselves. */
  get active(): readonly Run[] {
    const runs = [...this.#runs.values()];
    return runs.filter(({ active, isTrial, isOurs }) => active && (isOurs || !isTrial));
  }

  /** The runs in a folder that are known, newest first; of a sweep those that were opened. */
  within(runsFolder: string): Run[] {
    return [...this.#runs.values()]
      .filter((run) => run.runsFolder === runsFolder)
      .sort((a, b) => b.summary.startedAt - a.summary.startedAt);
  }

  /** The run of a trial, which is on disk and in no list; null: it is not there. */
  async open(folder: string): Promise<Run | null> {
    const listing = await loadCore().listRun(folder);
    if (listing) this.#see(listing);
    return this.#runs.get(folder) ?? null;
  }

  get(folder: string): Run | undefined {
    return this.#runs.get(folder);
  }

  /** The runs of a config, newest first. */
  of(config: vscode.Uri): Run[] {
    return this.runs.filter((run) => run.config.toString() === config.toString());
  }

  /** Launches a worker. The run joins the list when its folder exists: see `adopt`. */
  launch(request: RunRequest): RunHandle {
    const handle = loadCore().launchRun(request, {
      workerFile: this.#workerFile,
      budget: this.memory(),
      // One is left to the editor.
      threads: Math.max(1, availableParallelism() - 1),
    });
    this.#handles.add(handle);
    const gone = () => this.#handles.delete(handle);
    handle.done.then(gone, gone);
    return handle;
  }

  /**
   * Takes up the network of a run, to ask about it. A training that needs the memory comes first: then
   * `leave` is called.
   */
  explore({ folder, config }: Run, leave: () => void): ExplorerHandle {
    return loadCore().launchExplorer(
      { run: folder, checkpoint: 'latest', readableRoots: readableRoots(config) },
      { workerFile: this.#workerFile, budget: this.memory().guest(leave) },
    );
  }

  /** Does the checks of a config, in a worker. */
  check(
    request: PrepareRequest,
    options: Pick<CheckOptions, 'signal' | 'onResult' | 'onProgress'>,
  ): Promise<CheckResult[]> {
    const host = { workerFile: this.#workerFile, budget: this.memory() };
    return loadCore().launchChecks(request, { ...host, ...options });
  }

  /**
   * Lists a launched run, or one that goes on, with its history so far. Rejects with UserError when it
   * was refused.
   */
  async adopt(handle: RunHandle, request: RunRequest, earlier?: EarlierRun): Promise<Run> {
    const folder = await handle.folder;
    const config = basename(request.configFile);
    // A scan may have found the folder first, and taken it for another process's.
    const stranger = this.#runs.get(folder);
    if (stranger) this.#followed.get(stranger)?.dispose();
    if (stranger) this.#followed.delete(stranger);
    const run =
      earlier?.run ?? new Run(folder, emptySummary(configName(config), config, Date.now()));
    run.handle = handle;
    run.history = earlier?.history ?? new (loadCore().RunHistory)();
    this.#add(run);
    handle.onEvents((events) => this.#take(run, events));
    const ended = (error?: unknown) => this.#ended(run, error);
    handle.done.then(() => ended(), ended);
    return run;
  }

  /**
   * Everything that was written of a run so far; of the inside of its network only what somebody trains
   * now: see `readInside`. `grown` is called with what was read, again and again.
   */
  async history(run: Run, grown: (history: RunHistory) => void = () => {}): Promise<RunHistory> {
    if (run.history) return run.history;
    const { history, end } = await loadCore().readRunOutside(run.folder, grown);
    if (end.damage) run.summary.damage ??= { message: end.damage, whole: false };
    if (run.summary.state === 'interrupted') history.abandon();
    return history;
  }

  /** Ends all runs of this window; resolves when their threads are gone. */
  async dispose(): Promise<void> {
    this.folders.dispose();
    for (const followed of this.#followed.values()) followed.dispose();
    this.#followed.clear();
    await Promise.all([...this.#handles].map((handle) => handle.dispose()));
    for (const emitter of [this.#changed, this.#stateChanged, this.#finished]) emitter.dispose();
  }

  /** What all that trains in this window may use together. */
  memory(): MemoryBudget {
    this.#budget ??= new (loadCore().MemoryBudget)(memoryLimit());
    this.#budget.limitBytes = memoryLimit();
    return this.#budget;
  }

  #add(run: Run): void {
    this.#runs.set(run.folder, run);
    this.#sorted = null;
    this.#changed.fire(null);
    this.#stateChanged.fire(run);
  }

  #remove(run: Run): void {
    if (!this.#runs.delete(run.folder)) return;
    this.#followed.get(run)?.dispose();
    this.#followed.delete(run);
    this.#sorted = null;
    this.#changed.fire(null);
    this.#stateChanged.fire(run);
  }

  #take(run: Run, events: readonly RunEvent[]): void {
    const { state } = run.summary;
    for (const event of events) summarize(run.summary, event);
    run.history?.push(events);
    this.#changed.fire(run);
    if (run.summary.state !== state) this.#stateChanged.fire(run);
  }

  /** What the disk says of a run that is not ours. */
  #see(listing: RunListing): void {
    const { folder, name, config, startedAt, state, bytes, outline, problem } = listing;
    const known = this.#runs.get(folder);
    if (known) known.size = bytes;
    if (known?.handle || (known && known.summary.state === state)) return;
    const run = known ?? new Run(folder, emptySummary(name, config, startedAt));
    run.size = bytes;
    if (isActive(state)) {
      this.#follow(run);
    } else if (!this.#followed.has(run)) {
      if (!known) for (const event of outline) summarize(run.summary, event);
      run.summary.state = state;
      if (problem) run.summary.damage = { message: problem, whole: true };
    }
    this.#add(run);
  }

  /** Hears what another process does with a run. */
  #follow(run: Run): void {
    if (this.#followed.has(run)) return;
    run.history = new (loadCore().RunHistory)();
    const followed = new FollowedRun(
      run.folder,
      (events) => this.#take(run, events),
      () => this.#unfollow(run),
    );
    this.#followed.set(run, followed);
  }

  #unfollow(run: Run): void {
    this.#followed.delete(run);
    run.history?.abandon();
    run.history = null;
    void this.#look(run);
  }

  /** Size and state as the disk has them. */
  async #look(run: Run): Promise<void> {
    const listing = await loadCore().listRun(run.folder);
    if (listing) this.#see(listing);
    else this.#remove(run);
    this.#changed.fire(null);
  }

  #ended(run: Run, error: unknown): void {
    run.handle = null;
    run.leftAt = performance.now();
    // A dashboard that shows it holds its own reference.
    run.history = null;
    if (run.active) {
      run.summary.state = 'failed';
      run.summary.message = error instanceof Error ? error.message : null;
    }
    this.#changed.fire(run);
    this.#stateChanged.fire(run);
    this.#finished.fire(run);
    if (!run.isTrial) void this.folders.watch(run.runsFolder);
    void this.#look(run);
  }
}
