import * as vscode from 'vscode';
import type { RunListing } from '../../core/runs/list.ts';
import { loadCore } from '../load-core.ts';
import { Throttle } from '../throttle.ts';

/** How often a folder in which things change is listed anew. */
const INTERVAL = 500;

/** One `.trainscope/runs`: lists what is in it whenever runs come or go. */
export class RunsFolder implements vscode.Disposable {
  readonly #path: string;
  readonly #listed: (listings: readonly RunListing[]) => void;
  readonly #watcher: vscode.FileSystemWatcher;
  readonly #rescan = new Throttle(INTERVAL, () => void this.scan());
  #scanning: Promise<void> | null = null;
  #disposed = false;

  constructor(path: string, listed: (listings: readonly RunListing[]) => void) {
    this.#path = path;
    this.#listed = listed;
    // Without `**` the watch is not recursive: cheap, and exempt from the user's exclusions.
    const pattern = new vscode.RelativePattern(vscode.Uri.file(path), '*');
    this.#watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
    this.#watcher.onDidCreate(() => this.#rescan.request());
    this.#watcher.onDidDelete(() => this.#rescan.request());
  }

  /** Lists now. A call during a listing shares it. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scan().finally(() => {
      this.#scanning = null;
    });
    return this.#scanning;
  }

  dispose(): void {
    this.#disposed = true;
    this.#watcher.dispose();
    this.#rescan.dispose();
  }

  async #scan(): Promise<void> {
    const listings = await loadCore().listRuns(this.#path);
    if (!this.#disposed) this.#listed(listings);
  }
}
