import * as vscode from 'vscode';
import type { ContextKeys } from './ids.ts';

/** Sets a key that `when` and `enablement` clauses read. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  vscode.commands.executeCommand('setContext', key, value);
}
