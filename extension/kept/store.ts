import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../format.ts';
import { KeptFolders, type Kind } from './folders.ts';
import type { Job, Work } from './work.ts';

/** How often the folder of another process's work is read. */
const PULSE = 3000;

/** What the disk says of a work. */
export interface WorkListing<Event> {
  folder: string;
  /** All that it told so far. */
  events: readonly Event[];
  /** Why it cannot be read. */
  problem?: string | null;
  /** A process goes on with it just now. */
  isOwned: boolean;
  bytes: number;
}

/** How works of a kind are found on disk. */
export interface WorkDisk<Event> {
  kind: Kind;
  list(folder: string): Promise<WorkListing<Event>[]>;
  /** Null: the folder holds none. */
  look(folder: string): Promise<WorkListing<Event> | null>;
  /** Rejects with UserError where it is not over. */
  destroy(folder: string): Promise<void>;
}

/** The works of a kind, for those who show them. */
export interface Works<W extends Work> {
  readonly folders: Pick<KeptFolders<W, { folder: string }>, 'scan' | 'delete'>;
  /** Newest first. */
  readonly all: readonly W[];
  get(folder: string): W | undefined;
  /** Those of a config, newest first. */
  of(config: vscode.Uri): W[];
  /** Goes on in this window; resolves when it has told the first thing. */
  goOn(work: W): Promise<W>;
  /** One has news; null: some came or went. */
  readonly onDidChange: vscode.Event<W | null>;
  /** All of one is told again. */
  readonly onDidReset: vscode.Event<W>;
}

/** Every work of a kind in the workspace: those of this window, of other processes, and of earlier days. */
export abstract class WorkStore<W extends Work<Event>, Event> implements Works<W> {
  readonly folders: KeptFolders<W, WorkListing<Event>>;
  readonly #disk: WorkDisk<Event>;
  readonly #works = new Map<string, W>();
  /** From their beginning on, before they have a folder, until nothing of them runs. */
  readonly #jobs = new Set<Job>();
  readonly #changed = new vscode.EventEmitter<W | null>();
  readonly #reset = new vscode.EventEmitter<W>();
  readonly #pulse = setInterval(() => void this.#follow(), PULSE);
  readonly onDidChange = this.#changed.event;
  readonly onDidReset = this.#reset.event;

  constructor(disk: WorkDisk<Event>) {
    this.#disk = disk;
    this.folders = new KeptFolders<W, WorkListing<Event>>(disk.kind, {
      list: disk.list,
      destroy: disk.destroy,
      known: () => this.#works.values(),
      see: (listing) => this.#see(listing),
      forget: ({ folder }) => {
        this.#works.delete(folder);
        this.#changed.fire(null);
      },
      compared: () => this.#changed.fire(null),
    });
  }

  abstract goOn(work: W): Promise<W>;

  /** Null: what it told first does not say what it is. */
  protected abstract create(folder: string, events: readonly Event[]): W | null;

  get all(): readonly W[] {
    return [...this.#works.values()].sort((a, b) => b.startedAt - a.startedAt);
  }

  get(folder: string): W | undefined {
    return this.#works.get(folder);
  }

  of(config: vscode.Uri): W[] {
    return this.all.filter((work) => work.config.toString() === config.toString());
  }

  /** Ends all that this window is at; resolves when its threads are gone. */
  async dispose(): Promise<void> {
    clearInterval(this.#pulse);
    this.folders.dispose();
    const jobs = [...this.#jobs];
    for (const { stop } of jobs) stop.abort();
    await Promise.allSettled(jobs.map(({ done }) => done));
    for (const emitter of [this.#changed, this.#reset]) emitter.dispose();
  }

  /**
   * Does a work in this window: one that is new, or that goes on. Resolves when it has told the first thing; rejects
   * with what `work` throws before that.
   */
  protected launch(
    work: (signal: AbortSignal, tell: (event: Event, folder: string) => void) => Promise<unknown>,
  ): Promise<W> {
    const stop = new AbortController();
    const job: Job = { stop, done: Promise.resolve() };
    let begun: W | null = null;
    return new Promise((resolve, reject) => {
      const tell = (event: Event, folder: string) => {
        const isFirst = begun === null;
        begun ??= this.#begin(folder, event, job);
        if (!begun) return;
        begun.see(event);
        this.#changed.fire(isFirst ? null : begun);
        if (isFirst) resolve(begun);
      };
      this.#jobs.add(job);
      job.done = work(stop.signal, tell)
        .catch((error: unknown) => {
          if (!begun) reject(error);
          else if (error !== stop.signal.reason) begun.message = messageOf(error);
        })
        .finally(() => {
          this.#jobs.delete(job);
          if (!begun) return;
          begun.job = null;
          begun.leftAt = performance.now();
          this.#changed.fire(begun);
          void this.folders.watch(dirname(begun.folder));
        });
    });
  }

  /** One has news that it was not told. */
  protected changed(work: W): void {
    this.#changed.fire(work);
  }

  #begin(folder: string, first: Event, job: Job): W | null {
    const known = this.#works.get(folder);
    const work = known ?? this.create(folder, [first]);
    if (!work) return null;
    work.job = job;
    work.isElsewhere = false;
    work.message = null;
    this.#works.set(folder, work);
    work.restart();
    if (known) this.#reset.fire(known);
    return work;
  }

  /** What the disk says of a work that does not go on here. */
  #see({ folder, events, problem = null, isOwned, bytes }: WorkListing<Event>): void {
    const known = this.#works.get(folder);
    if (known) known.size = bytes;
    if (known?.job) return;
    // What nobody works on stays as it is.
    if (known && !known.isElsewhere && !isOwned) return;
    const work = known ?? this.create(folder, events);
    if (!work) return;
    work.size = bytes;
    work.isElsewhere = isOwned;
    work.message = problem;
    this.#works.set(folder, work);
    work.restart();
    for (const event of events) work.see(event);
    if (known) this.#reset.fire(known);
  }

  /** Reads on in what another process goes on with. */
  async #follow(): Promise<void> {
    for (const work of this.all) {
      if (!work.isElsewhere) continue;
      const listing = await this.#disk.look(work.folder);
      if (listing) this.#see(listing);
      this.#changed.fire(work);
    }
  }
}
