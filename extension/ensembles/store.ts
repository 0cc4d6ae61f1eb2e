import { availableParallelism } from 'node:os';
import { dirname, join, sep } from 'node:path';
import * as vscode from 'vscode';
import type { EnsembleListing } from '../../core/ensemble/list.ts';
import type { EnsembleEvent } from '../../core/ensemble/protocol.ts';
import { loadCore } from '../load-core.ts';
import type { RunStore } from '../runs/store.ts';
import { WatchedFolder } from '../runs/watched-folder.ts';
import { findConfigs } from '../sidebar/configs.ts';
import { readableRoots } from '../trust.ts';
import { Ensemble, type EnsembleJob } from './ensemble.ts';

/** How often an ensemble of another process is looked at. */
const PULSE = 3000;

/** Ensembles are kept beside their config. */
export function ensemblesFolderOf(config: vscode.Uri): string {
  return join(dirname(config.fsPath), '.trainscope', 'ensembles');
}

/** Every ensemble of the workspace: those of this window, of other processes, and of earlier days. */
export class EnsembleStore {
  readonly #runs: RunStore;
  readonly #workerFile: string;
  readonly #ensembles = new Map<string, Ensemble>();
  readonly #folders = new Map<string, WatchedFolder<EnsembleListing>>();
  readonly #jobs = new Set<EnsembleJob>();
  /** Folders of ensembles that were deleted here, and when. */
  readonly #deletedAt = new Map<string, number>();
  readonly #changed = new vscode.EventEmitter<Ensemble | null>();
  readonly #told = new vscode.EventEmitter<{ ensemble: Ensemble; event: EnsembleEvent }>();
  readonly #reset = new vscode.EventEmitter<Ensemble>();
  readonly #pulse: NodeJS.Timeout;
  /** An ensemble has news; null: ensembles came or went. */
  readonly onDidChange = this.#changed.event;
  readonly onDidTell = this.#told.event;
  /** All of an ensemble is told again. */
  readonly onDidReset = this.#reset.event;

  constructor(runs: RunStore, workerFile: string) {
    this.#runs = runs;
    this.#workerFile = workerFile;
    this.#pulse = setInterval(() => void this.#follow(), PULSE);
  }

  /** Newest first. */
  get ensembles(): readonly Ensemble[] {
    return [...this.#ensembles.values()].sort((a, b) => b.startedAt - a.startedAt);
  }

  get(folder: string): Ensemble | undefined {
    return this.#ensembles.get(folder);
  }

  /** The ensembles of a config, newest first. */
  of(config: vscode.Uri): Ensemble[] {
    return this.ensembles.filter((ensemble) => ensemble.config.toString() === config.toString());
  }

  async scan(): Promise<void> {
    const configs = await findConfigs();
    const onDisk = configs.filter(({ scheme }) => scheme === 'file');
    const folders = new Set(onDisk.map(ensemblesFolderOf));
    await Promise.all([...folders].map((folder) => this.watch(folder)));
  }

  /** Looks for ensembles in a folder, from now on. */
  watch(ensemblesFolder: string): Promise<void> {
    const known = this.#folders.get(ensemblesFolder);
    if (known) return known.scan();
    const folder = new WatchedFolder(ensemblesFolder, loadCore().listEnsembles, (listings, began) =>
      this.#list(ensemblesFolder, listings, began),
    );
    this.#folders.set(ensemblesFolder, folder);
    return folder.scan();
  }

  /** A folder left the workspace: its ensembles leave the list, but for those that are made here. */
  leave(workspaceFolder: string): void {
    for (const [path, folder] of this.#folders) {
      if (!path.startsWith(join(workspaceFolder, sep))) continue;
      folder.dispose();
      this.#folders.delete(path);
      this.#list(path, [], Number.POSITIVE_INFINITY);
    }
  }

  /** Begins one. Resolves when it has its folder; rejects with UserError where it is refused. */
  make(config: vscode.Uri, configText: string, compare: boolean): Promise<Ensemble> {
    const stop = new AbortController();
    const job: EnsembleJob = { stop, done: Promise.resolve() };
    const request = {
      configFile: config.fsPath,
      configText,
      readableRoots: readableRoots(config),
      folder: ensemblesFolderOf(config),
      compare,
    };
    return new Promise((resolve, reject) => {
      const begun: { ensemble: Ensemble | null } = { ensemble: null };
      const host = {
        workerFile: this.#workerFile,
        budget: this.#runs.memory(),
        // One is left to the editor.
        workers: Math.max(1, availableParallelism() - 1),
        signal: stop.signal,
        tell: (event: EnsembleEvent) => {
          if (event.type === 'begun') {
            begun.ensemble = this.#begin(event.folder, job);
            resolve(begun.ensemble);
          }
          const { ensemble } = begun;
          if (!ensemble) return;
          ensemble.state.see(event);
          this.#told.fire({ ensemble, event });
          // Now it is known whose it is.
          this.#changed.fire(event.type === 'begun' ? null : ensemble);
        },
      };
      this.#jobs.add(job);
      job.done = loadCore()
        .makeEnsemble(request, host)
        .catch((error: unknown) => {
          const { ensemble } = begun;
          if (!ensemble) reject(error);
          else if (!stop.signal.aborted)
            ensemble.message = error instanceof Error ? error.message : String(error);
        })
        .finally(() => {
          this.#jobs.delete(job);
          const { ensemble } = begun;
          if (!ensemble) return;
          ensemble.job = null;
          ensemble.leftAt = performance.now();
          this.#changed.fire(ensemble);
          void this.watch(dirname(ensemble.folder));
        });
    });
  }

  /** Removes an ensemble that is not being made, with the runs of its members. */
  async delete(ensemble: Ensemble): Promise<void> {
    await loadCore().deleteEnsemble(ensemble.folder);
    this.#deletedAt.set(ensemble.folder, performance.now());
    this.#ensembles.delete(ensemble.folder);
    this.#changed.fire(null);
  }

  /** Stops all that this window makes; resolves when their threads are gone. */
  async dispose(): Promise<void> {
    clearInterval(this.#pulse);
    for (const folder of this.#folders.values()) folder.dispose();
    const jobs = [...this.#jobs];
    for (const { stop } of jobs) stop.abort();
    await Promise.allSettled(jobs.map(({ done }) => done));
    for (const emitter of [this.#changed, this.#told, this.#reset]) emitter.dispose();
  }

  #begin(folder: string, job: EnsembleJob): Ensemble {
    const ensemble = new Ensemble(folder);
    ensemble.job = job;
    this.#ensembles.set(folder, ensemble);
    return ensemble;
  }

  /** Compares the list with what was on disk when a listing began: of later things it knows nothing. */
  #list(ensemblesFolder: string, listings: readonly EnsembleListing[], began: number): void {
    const seen = new Set(listings.map(({ folder }) => folder));
    for (const [folder, { job, leftAt }] of this.#ensembles)
      if (dirname(folder) === ensemblesFolder && !job && !seen.has(folder) && leftAt < began)
        this.#ensembles.delete(folder);
    for (const listing of listings)
      if ((this.#deletedAt.get(listing.folder) ?? 0) < began) this.#see(listing);
    this.#changed.fire(null);
  }

  /** What the disk says of an ensemble that is not made here. */
  #see({ folder, events, problem, isOwned, bytes }: EnsembleListing): void {
    const known = this.#ensembles.get(folder);
    if (known) known.size = bytes;
    if (known && !known.isElsewhere && !isOwned) return;
    if (known?.job) return;
    const ensemble = known ?? new Ensemble(folder);
    ensemble.size = bytes;
    ensemble.isElsewhere = isOwned;
    ensemble.message = problem;
    ensemble.restart(events);
    this.#ensembles.set(folder, ensemble);
    if (known) this.#reset.fire(ensemble);
  }

  /** Looks whether what another process makes is made. */
  async #follow(): Promise<void> {
    for (const ensemble of this.ensembles) {
      if (!ensemble.isElsewhere) continue;
      const listing = await loadCore().listEnsemble(ensemble.folder);
      if (listing) this.#see(listing);
      this.#changed.fire(ensemble);
    }
  }
}
