import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import * as vscode from 'vscode';
import type { RangesNow, SweepEvent, SweepStartedEvent } from '../../core/events/sweep-event.ts';
import type { SweepListing } from '../../core/sweep/list.ts';
import type { Proposal } from '../../core/sweep/sweep.ts';
import { loadCore } from '../load-core.ts';
import { memoryLimit } from '../runs/memory.ts';
import { WatchedFolder } from '../runs/watched-folder.ts';
import { findConfigs } from '../sidebar/configs.ts';
import { readableRoots } from '../trust.ts';
import { Sweep, type SweepJob } from './sweep.ts';

/** How often the log of another process is read. */
const PULSE = 3000;

/** Sweeps are kept beside their config. */
export function sweepsFolderOf(config: vscode.Uri): string {
  return join(dirname(config.fsPath), '.trainscope', 'sweeps');
}

/** Every sweep of the workspace: those of this window, of other processes, and of earlier days. */
export class SweepStore {
  readonly #files: { workerFile: string; cli: string };
  readonly #sweeps = new Map<string, Sweep>();
  readonly #folders = new Map<string, WatchedFolder<SweepListing>>();
  readonly #jobs = new Set<SweepJob>();
  /** Folders of sweeps that were deleted here, and when. */
  readonly #deletedAt = new Map<string, number>();
  readonly #changed = new vscode.EventEmitter<Sweep | null>();
  readonly #reset = new vscode.EventEmitter<Sweep>();
  readonly #pulse: NodeJS.Timeout;
  /** A sweep has news; null: sweeps came or went. */
  readonly onDidChange = this.#changed.event;
  /** All of a sweep is told again. */
  readonly onDidReset = this.#reset.event;

  /** The bundles of core/worker.ts and of core/cli.ts. */
  constructor(files: { workerFile: string; cli: string }) {
    this.#files = files;
    this.#pulse = setInterval(() => void this.#follow(), PULSE);
  }

  /** Newest first. */
  get sweeps(): readonly Sweep[] {
    return [...this.#sweeps.values()].sort((a, b) => b.started.startedAt - a.started.startedAt);
  }

  get(folder: string): Sweep | undefined {
    return this.#sweeps.get(folder);
  }

  /** The sweeps of a config, newest first. */
  of(config: vscode.Uri): Sweep[] {
    return this.sweeps.filter((sweep) => sweep.config.toString() === config.toString());
  }

  async scan(): Promise<void> {
    const configs = await findConfigs();
    const onDisk = configs.filter(({ scheme }) => scheme === 'file');
    const folders = new Set(onDisk.map(sweepsFolderOf));
    await Promise.all([...folders].map((folder) => this.watch(folder)));
  }

  /** Looks for sweeps in a folder, from now on. */
  watch(sweepsFolder: string): Promise<void> {
    const known = this.#folders.get(sweepsFolder);
    if (known) return known.scan();
    const folder = new WatchedFolder(sweepsFolder, loadCore().listSweeps, (listings, began) =>
      this.#list(sweepsFolder, listings, began),
    );
    this.#folders.set(sweepsFolder, folder);
    return folder.scan();
  }

  /** A folder left the workspace: its sweeps leave the list, but for those that go on here. */
  leave(workspaceFolder: string): void {
    for (const [path, folder] of this.#folders) {
      if (!path.startsWith(join(workspaceFolder, sep))) continue;
      folder.dispose();
      this.#folders.delete(path);
      this.#list(path, [], Number.POSITIVE_INFINITY);
    }
  }

  /**
   * Begins a sweep, or goes on with an earlier one. Resolves when it has its folder; rejects with UserError
   * where it is refused.
   */
  run(config: vscode.Uri, configText: string, resume: Sweep | null): Promise<Sweep> {
    const { executorOf, runSweep, sweepConfigOf } = loadCore();
    const stop = new AbortController();
    const job: SweepJob = { stop, done: Promise.resolve(), next: null };
    return new Promise((resolve, reject) => {
      const begun: { sweep: Sweep | null } = { sweep: null };
      const tell = (event: SweepEvent, folder: string) => {
        if (!begun.sweep && event.type === 'sweepStarted') {
          begun.sweep = this.#begin(folder, event, job);
          resolve(begun.sweep);
        }
        begun.sweep?.see(event);
        if (begun.sweep) this.#changed.fire(begun.sweep);
      };
      const work = async () => {
        const text = resume?.started.configText ?? configText;
        const { sweep: wanted } = sweepConfigOf(text, config.fsPath);
        const executor = executorOf(wanted.executor, {
          ...this.#files,
          readableRoots: readableRoots(config),
          // One is left to the editor.
          cores: Math.max(1, availableParallelism() - 1),
          memoryBytes: memoryLimit(),
        });
        const sweepsFolder = sweepsFolderOf(config);
        const request = {
          configFile: config.fsPath,
          configText: text,
          sweepsFolder,
          resume: resume?.folder ?? null,
        };
        await runSweep(request, {
          executor,
          tell,
          signal: stop.signal,
          decide: async (proposal) => {
            const { sweep } = begun;
            if (!sweep?.asks || proposal.stage === 1) return loadCore().rangesOf(proposal.space);
            return this.#ask(sweep, job, proposal);
          },
        });
      };
      this.#jobs.add(job);
      job.done = work()
        .catch((error: unknown) => {
          const { sweep } = begun;
          if (!sweep) reject(error);
          else sweep.message = error instanceof Error ? error.message : String(error);
        })
        .finally(() => {
          this.#jobs.delete(job);
          const { sweep } = begun;
          if (!sweep) return;
          sweep.job = null;
          sweep.leftAt = performance.now();
          this.#changed.fire(sweep);
          void this.watch(dirname(sweep.folder));
        });
    });
  }

  /** Whether it waits before each next stage. One that waits goes on where it is not to. */
  setAsks(sweep: Sweep, asks: boolean): void {
    sweep.asks = asks;
    const { next } = sweep.job ?? {};
    if (!asks && next) next.begin(loadCore().rangesOf(next.proposal.space));
    this.#changed.fire(sweep);
  }

  /** Removes a sweep that does not go on, with the runs of its trials. */
  async delete(sweep: Sweep): Promise<void> {
    await loadCore().deleteSweep(sweep.folder);
    this.#deletedAt.set(sweep.folder, performance.now());
    this.#sweeps.delete(sweep.folder);
    this.#changed.fire(null);
  }

  /** Ends all sweeps of this window, so that they can go on later; resolves when their threads are gone. */
  async dispose(): Promise<void> {
    clearInterval(this.#pulse);
    for (const folder of this.#folders.values()) folder.dispose();
    const jobs = [...this.#jobs];
    for (const { stop } of jobs) stop.abort();
    await Promise.allSettled(jobs.map(({ done }) => done));
    this.#changed.dispose();
    this.#reset.dispose();
  }

  #begin(folder: string, started: SweepStartedEvent, job: SweepJob): Sweep {
    const known = this.#sweeps.get(folder);
    const sweep = known ?? new Sweep(folder, started);
    sweep.job = job;
    sweep.message = null;
    sweep.isElsewhere = false;
    this.#sweeps.set(folder, sweep);
    if (known) this.#restart(known);
    else this.#changed.fire(null);
    return sweep;
  }

  #restart(sweep: Sweep): void {
    sweep.restart();
    this.#reset.fire(sweep);
  }

  async #ask(sweep: Sweep, job: SweepJob, proposal: Proposal): Promise<RangesNow | null> {
    const { signal } = job.stop;
    try {
      return await new Promise((begin) => {
        job.next = { proposal, begin };
        signal.addEventListener('abort', () => begin(null), { once: true });
        this.#changed.fire(sweep);
      });
    } finally {
      job.next = null;
    }
  }

  /** Compares the list with what was on disk when a listing began: of later things it knows nothing. */
  #list(sweepsFolder: string, listings: readonly SweepListing[], began: number): void {
    const seen = new Set(listings.map(({ folder }) => folder));
    for (const [folder, sweep] of this.#sweeps)
      if (
        dirname(folder) === sweepsFolder &&
        !sweep.job &&
        !seen.has(folder) &&
        sweep.leftAt < began
      )
        this.#sweeps.delete(folder);
    for (const listing of listings)
      if ((this.#deletedAt.get(listing.folder) ?? 0) < began) this.#see(listing);
    this.#changed.fire(null);
  }

  /** What the disk says of a sweep that does not go on here. */
  #see({ folder, events, isOwned, bytes }: SweepListing): void {
    const known = this.#sweeps.get(folder);
    if (known) known.size = bytes;
    if (known?.job) return;
    const [started] = events;
    if (started?.type !== 'sweepStarted') return;
    const isNew = !known || known.isElsewhere || isOwned;
    if (!isNew) return;
    const sweep = known ?? new Sweep(folder, started);
    sweep.size = bytes;
    sweep.isElsewhere = isOwned;
    this.#sweeps.set(folder, sweep);
    if (known) sweep.restart();
    for (const event of events) sweep.see(event);
    if (known) this.#reset.fire(sweep);
  }

  /** Reads on in the logs of sweeps that go on in another process. */
  async #follow(): Promise<void> {
    for (const sweep of this.sweeps) {
      if (!sweep.isElsewhere) continue;
      const listing = await loadCore().listSweep(sweep.folder);
      if (listing) this.#see(listing);
      this.#changed.fire(sweep);
    }
  }
}
