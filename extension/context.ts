import * as vscode from 'vscode';
import type { ContextKeys } from './ids.ts';

const known = new Map<keyof ContextKeys, unknown>();

/** Sets a key that `when` and `enablement` clauses read. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  vscode.commands.executeCommand('setContext', key, value);
}
