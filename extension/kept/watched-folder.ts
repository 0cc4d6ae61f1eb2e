import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { Throttle } from '../throttle.ts';

/** How often a folder in which things change is listed anew. */
const INTERVAL = 500;
/** Watchers miss network disks, folders that come and go, and what the user excludes: this does not. */
const PULSE = 2000;

/** One `.trainscope/runs`, `sweeps` or `ensembles`: lists what is in it whenever something comes or goes. */
export class WatchedFolder<Listing> implements vscode.Disposable {
  readonly #path: string;
  readonly #list: (path: string) => Promise<Listing[]>;
  readonly #listed: (listings: readonly Listing[], began: number) => void;
  readonly #watcher: vscode.FileSystemWatcher;
  readonly #rescan = new Throttle(INTERVAL, () => void this.scan());
  readonly #pulse: NodeJS.Timeout;
  /** The folder's own time of change, as it was before the last listing. */
  #changed = 0;
  #scanning: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  #disposed = false;

  /** `listed` is told as well when the listing began, by `performance.now()`. */
  constructor(
    path: string,
    list: (path: string) => Promise<Listing[]>,
    listed: (listings: readonly Listing[], began: number) => void,
  ) {
    this.#path = path;
    this.#list = list;
    this.#listed = listed;
    // Without `**` the watch is not recursive: cheap, and exempt from the user's exclusions.
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path), '*');
    this.#watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
    this.#watcher.onDidCreate(() => this.#rescan.request());
    this.#watcher.onDidDelete(() => this.#rescan.request());
    this.#pulse = setInterval(() => void this.#look(), PULSE);
  }

  /** Lists what is there from now on: a listing under way may have passed it already. */
  scan(): Promise<void> {
    if (this.#scanning) {
      this.#next ??= this.#scanning.then(() => {
        this.#next = null;
        return this.scan();
      });
      return this.#next;
    }
    this.#scanning = this.#scan().finally(() => {
      this.#scanning = null;
    });
    return this.#scanning;
  }

  dispose(): void {
    this.#disposed = true;
    this.#watcher.dispose();
    this.#rescan.dispose();
    clearInterval(this.#pulse);
  }

  async #look(): Promise<void> {
    if ((await this.#timeOfChange()) !== this.#changed) await this.scan();
  }

  async #scan(): Promise<void> {
    const began = performance.now();
    this.#changed = await this.#timeOfChange();
    const listings = await this.#list(this.#path);
    if (!this.#disposed) this.#listed(listings, began);
  }

  /** Changes with each that comes or goes; 0 while there is no such folder. */
  #timeOfChange(): Promise<number> {
    return stat(this.#path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
  }
}
