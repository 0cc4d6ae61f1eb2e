import { dirname, join, sep } from 'node:path';
import type * as vscode from 'vscode';
import { findConfigs } from '../sidebar/configs.ts';
import { WatchedFolder } from './watched-folder.ts';

/** What is kept beside a config, in `.trainscope`. */
export type Kind = 'runs' | 'sweeps' | 'ensembles';

export function folderBeside(config: vscode.Uri, kind: Kind): string {
  return join(dirname(config.fsPath), '.trainscope', kind);
}

/** A run, a sweep or an ensemble on disk. */
export interface Kept {
  /** Absolute; its identity. */
  readonly folder: string;
  /** This window works on it. */
  readonly isOurs: boolean;
  /** When this window was last done with it, by `performance.now()`; 0: it never worked on it. */
  readonly leftAt: number;
}

/** Who has the list of what is kept. */
export interface Keeper<One extends Kept, Listing> {
  list(folder: string): Promise<Listing[]>;
  /** Removes it from the disk. Rejects with UserError where it is not over. */
  destroy(folder: string): Promise<void>;
  known(): Iterable<One>;
  /** What the disk says of one, known or not. */
  see(listing: Listing): void;
  /** It is not on disk any more. */
  forget(one: One): void;
  /** A folder has been compared with the list. */
  compared(): void;
}

/** The folders of one kind beside all configs: a list is kept as the disk has it, but for what this window works on. */
export class KeptFolders<One extends Kept, Listing extends { folder: string }> {
  readonly #kind: Kind;
  readonly #keeper: Keeper<One, Listing>;
  readonly #watched = new Map<string, WatchedFolder<Listing>>();
  /** What was deleted here, and when. */
  readonly #deletedAt = new Map<string, number>();

  constructor(kind: Kind, keeper: Keeper<One, Listing>) {
    this.#kind = kind;
    this.#keeper = keeper;
  }

  /** Looks beside all configs of the workspace, and from now on. */
  async scan(): Promise<void> {
    await Promise.all((await findConfigs()).map((config) => this.watchBeside(config)));
  }

  async watchBeside(config: vscode.Uri): Promise<void> {
    if (config.scheme === 'file') await this.watch(folderBeside(config, this.#kind));
  }

  /** Looks into a folder, now and from now on. */
  watch(path: string): Promise<void> {
    const known = this.#watched.get(path);
    if (known) return known.scan();
    const folder = new WatchedFolder<Listing>(path, this.#keeper.list, (listings, began) =>
      this.#compare(path, listings, began),
    );
    this.#watched.set(path, folder);
    return folder.scan();
  }

  /** A folder left the workspace: what is kept in it leaves the list, but for what goes on here. */
  leave(workspaceFolder: string): void {
    for (const [path, folder] of this.#watched) {
      if (!path.startsWith(join(workspaceFolder, sep))) continue;
      folder.dispose();
      this.#watched.delete(path);
      this.#compare(path, [], Number.POSITIVE_INFINITY);
    }
  }

  async delete(one: One): Promise<void> {
    await this.#keeper.destroy(one.folder);
    this.#deletedAt.set(one.folder, performance.now());
    this.#keeper.forget(one);
  }

  dispose(): void {
    for (const folder of this.#watched.values()) folder.dispose();
  }

  /** Compares the list with what was on disk when a listing began: of later things it knows nothing. */
  #compare(path: string, listings: readonly Listing[], began: number): void {
    const keeper = this.#keeper;
    const there = new Set(listings.map(({ folder }) => folder));
    const isGone = ({ folder, isOurs, leftAt }: One) =>
      dirname(folder) === path && !isOurs && !there.has(folder) && leftAt < began;
    for (const one of [...keeper.known()]) if (isGone(one)) keeper.forget(one);
    for (const listing of listings)
      if ((this.#deletedAt.get(listing.folder) ?? 0) < began) keeper.see(listing);
    keeper.compared();
  }
}
