import * as vscode from 'vscode';
import type { ParsedConfig } from '../../core/config/index.ts';
import { loadCore } from '../load-core.ts';

/** The files that hold training configs. */
export const CONFIG_GLOB = '**/*.train.{yaml,yml,json}';

/** Any scheme: a config in a virtual workspace or a diff is checked like one on disk. */
export const CONFIG_SELECTOR: vscode.DocumentSelector = { pattern: CONFIG_GLOB };

export function isConfigUri(uri: vscode.Uri): boolean {
  return /\.train\.(ya?ml|json)$/.test(uri.path);
}

/** `digits` for `…/digits.train.yaml`. */
export function configName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.train\.(ya?ml|json)$/, '');
}

/** The parsed form of each open config, made once a version. */
export class ConfigDocuments implements vscode.Disposable {
  readonly #parsed = new Map<string, { version: number; config: ParsedConfig }>();
  readonly #closing: vscode.Disposable;

  constructor() {
    this.#closing = vscode.workspace.onDidCloseTextDocument((document) =>
      this.#parsed.delete(document.uri.toString()),
    );
  }

  parse(document: vscode.TextDocument): ParsedConfig {
    const key = document.uri.toString();
    const known = this.#parsed.get(key);
    if (known?.version === document.version) return known.config;
    const config = loadCore().parseConfig(document.getText(), document.uri.path);
    this.#parsed.set(key, { version: document.version, config });
    return config;
  }

  dispose(): void {
    this.#closing.dispose();
    this.#parsed.clear();
  }
}
