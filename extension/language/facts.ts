import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type * as vscode from 'vscode';
import type { Config } from '../../core/config/index.ts';
import { readableRoots } from '../trust.ts';
import type { FactsAnswer, FactsRequest } from './facts-protocol.ts';

interface Look {
  worker: Worker;
  answer: Promise<FactsAnswer>;
}

/** Looks at the data of configs, in workers, and remembers what was seen. */
export class ConfigFacts {
  readonly #workerFile: string;
  /** The latest look at each config's data; `key` changes with its data section and files. */
  readonly #known = new Map<string, Look & { key: string }>();
  readonly #workers = new Set<Worker>();
  #disposed = false;

  constructor(workerFile: string) {
    this.#workerFile = workerFile;
  }

  /**
   * The facts of a config on disk. A newer request for the same config ends an older one, which
   * throws Superseded; also throws when the worker broke down.
   */
  async of(uri: vscode.Uri, config: Config): Promise<FactsAnswer> {
    const request = requestFor(uri, config);
    const id = uri.toString();
    const roots = request.readableRoots;
    const key = JSON.stringify([config.data, config.training.seed, roots, await stamps(request)]);
    // Files were looked at meanwhile: no worker begins after the end.
    if (this.#disposed) throw new Superseded();
    const known = this.#known.get(id);
    if (known?.key === key) return known.answer;
    void known?.worker.terminate();
    const look = { key, ...this.#look(request) };
    this.#known.set(id, look);
    // A breakdown is told to whoever asked; it must not be remembered as the answer.
    look.answer.catch(() => {
      if (this.#known.get(id) === look) this.#known.delete(id);
    });
    return look.answer;
  }

  /** Ends a look under way, and forgets what was seen. */
  forget(uri: vscode.Uri): void {
    const known = this.#known.get(uri.toString());
    this.#known.delete(uri.toString());
    void known?.worker.terminate();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#known.clear();
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }

  #look(workerData: FactsRequest): Look {
    const worker = new Worker(this.#workerFile, { workerData });
    this.#workers.add(worker);
    const answer = new Promise<FactsAnswer>((done, fail) => {
      worker.once('message', done);
      worker.once('error', fail);
      worker.once('exit', () => {
        this.#workers.delete(worker);
        fail(new Superseded());
      });
    });
    return { worker, answer };
  }
}

/** Thrown to those who wait for data that nobody wants any more. */
export class Superseded extends Error {
  override readonly name = 'Superseded';
}

function requestFor(uri: vscode.Uri, config: Config): FactsRequest {
  return { config, folder: dirname(uri.fsPath), readableRoots: readableRoots(uri) };
}

/** Changes when a file that the data section names is written, or a folder's content. */
async function stamps({ config, folder }: FactsRequest): Promise<string[]> {
  const names = Object.values(config.data).filter((value) => typeof value === 'string');
  return Promise.all(
    names.map(async (name) => {
      try {
        return await stamp(resolve(folder, name));
      } catch {
        return 'absent';
      }
    }),
  );
}

/** A folder of images holds a folder for each class. */
async function stamp(path: string): Promise<string> {
  const info = await stat(path);
  const own = `${info.mtimeMs}:${info.size}`;
  if (!info.isDirectory()) return own;
  const inside = await readdir(path, { withFileTypes: true });
  const folders = inside.filter((entry) => entry.isDirectory());
  const below = await Promise.all(folders.map(({ name }) => stat(join(path, name))));
  return [own, ...below.map(({ mtimeMs }) => mtimeMs)].join(' ');
}
