import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RunEvent } from '../../core/events/run-event.ts';
import type { RunHandle } from '../../core/session/launch.ts';
import type { MemoryBudget } from '../../core/session/memory-budget.ts';
import type { RunRequest } from '../../core/session/protocol.ts';
import { configName } from '../language/documents.ts';
import { memoryLimit } from './memory.ts';
import { Run } from './run.ts';
import { emptySummary, summarize } from './summary.ts';

export interface RunEvents {
  run: Run;
  events: readonly RunEvent[];
}

/**
 * Every run of the workspace: those of our own workers, those that another process trains just now,
 * and those of earlier days. One list, newest first.
 */
export class RunStore {
  readonly #workerFile: string;
  readonly #runs = new Map<string, Run>();
  /** Runs of ours from their launch on, before they have a folder, until their worker is gone. */
  readonly #handles = new Set<RunHandle>();
  #budget: MemoryBudget | null = null;
  #sorted: readonly Run[] | null = null;

  readonly #changed = new vscode.EventEmitter<Run | null>();
  readonly #stateChanged = new vscode.EventEmitter<Run>();
  readonly #received = new vscode.EventEmitter<RunEvents>();
  readonly #finished = new vscode.EventEmitter<Run>();
  /** A run has news; null: runs came or went. */
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeState = this.#stateChanged.event;
  readonly onDidReceive = this.#received.event;
  /** A run of this window ended, and its worker with it. */
  readonly onDidFinish = this.#finished.event;

  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /** Newest first. */
  get runs(): readonly Run[] {
    this.#sorted ??= [...this.#runs.values()].sort(
      (a, b) => b.summary.startedAt - a.summary.startedAt,
    );
    return this.#sorted;
  }

  get(folder: string): Run | undefined {
    return this.#runs.get(folder);
  }

  /** The runs of a config, newest first. */
  of(config: vscode.Uri): Run[] {
    return this.runs.filter((run) => run.config.toString() === config.toString());
  }

  /** Launches a worker. The run joins the list when its folder exists: see `adopt`. */
  async launch(request: RunRequest): Promise<RunHandle> {
    const { launchRun } = await import('../../core/session/launch.ts');
    const { MemoryBudget } = await import('../../core/session/memory-budget.ts');
    this.#budget ??= new MemoryBudget(memoryLimit());
    this.#budget.limitBytes = memoryLimit();
    const handle = launchRun(request, { workerFile: this.#workerFile, budget: this.#budget });
    this.#handles.add(handle);
    const gone = () => this.#handles.delete(handle);
    handle.done.then(gone, gone);
    return handle;
  }

  /** Lists a launched run. Rejects with UserError when it was refused. */
  async adopt(handle: RunHandle, request: RunRequest): Promise<Run> {
    const folder = await handle.folder;
    const config = basename(request.configFile);
    const run = new Run(folder, emptySummary(configName(config), config, Date.now()));
    run.handle = handle;
    this.#add(run);
    handle.onEvents((events) => this.#take(run, events));
    const ended = (error?: unknown) => this.#ended(run, error);
    handle.done.then(() => ended(), ended);
    return run;
  }

  /** Removes a run that is over, with its folder. */
  async delete(run: Run): Promise<void> {
    await rm(run.folder, { recursive: true, force: true });
    this.#remove(run);
  }

  /** Ends all runs of this window; resolves when their threads are gone. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#handles].map((handle) => handle.dispose()));
    for (const emitter of [this.#changed, this.#stateChanged, this.#received, this.#finished])
      emitter.dispose();
  }

  #add(run: Run): void {
    this.#runs.set(run.folder, run);
    this.#sorted = null;
    this.#changed.fire(null);
    this.#stateChanged.fire(run);
  }

  #remove(run: Run): void {
    if (!this.#runs.delete(run.folder)) return;
    this.#sorted = null;
    this.#changed.fire(null);
    this.#stateChanged.fire(run);
  }

  #take(run: Run, events: readonly RunEvent[]): void {
    const { state } = run.summary;
    for (const event of events) summarize(run.summary, event);
    this.#received.fire({ run, events });
    this.#changed.fire(run);
    if (run.summary.state !== state) this.#stateChanged.fire(run);
  }

  #ended(run: Run, error: unknown): void {
    run.handle = null;
    if (run.active) {
      run.summary.state = 'failed';
      run.summary.message = error instanceof Error ? error.message : null;
    }
    this.#changed.fire(run);
    this.#stateChanged.fire(run);
    this.#finished.fire(run);
  }
}
