import { join } from 'node:path';

/**
 * In the place of VS Code's API: the little of it that the host's side of a dashboard needs. Nobody changes
 * files meanwhile, and everything is trusted.
 */

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly event = (listener: (value: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.#listeners) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class Uri {
  readonly scheme = 'file';
  readonly fsPath: string;

  constructor(fsPath: string) {
    this.fsPath = fsPath;
  }

  get path(): string {
    return this.fsPath;
  }

  toString(): string {
    return `file://${this.fsPath}`;
  }

  static file(path: string): Uri {
    return new Uri(path);
  }

  static joinPath({ fsPath }: Uri, ...parts: string[]): Uri {
    return new Uri(join(fsPath, ...parts));
  }
}

export class RelativePattern {}

const nothing = () => {};
const watcher = { onDidCreate: nothing, onDidDelete: nothing, dispose: nothing };

export const workspace = {
  isTrusted: true,
  createFileSystemWatcher: () => watcher,
  getConfiguration: () => ({ get: <T>(_key: string, otherwise: T): T => otherwise }),
};

export const l10n = {
  t: (text: string, ...values: unknown[]): string =>
    values.reduce<string>((all, value, i) => all.replace(`{${i}}`, String(value)), text),
};

export const env = { language: 'en' };

/** Who is asked where to save something chooses nothing. */
export const window = { showSaveDialog: async () => undefined };
