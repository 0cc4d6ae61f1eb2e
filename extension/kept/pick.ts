import * as vscode from 'vscode';
import type { Work } from './work.ts';

export interface Question<T> {
  is(one: unknown): one is T;
  /** What there is. */
  all: readonly T[];
  /** What is selected in the sidebar: a key pressed there is about it. */
  selection: readonly unknown[];
  /** What the command can act on. */
  accepts(one: T): boolean;
  /** Said when there is none. */
  none: string;
  which: string;
  item(one: T): vscode.QuickPickItem;
}

/** What a command is about: its argument, else the sidebar's selection, else a choice. */
export async function pickOne<T>(
  argument: unknown,
  { is, all, selection, accepts, none, which, item }: Question<T>,
): Promise<T | null> {
  const meant = is(argument) ? argument : selection.find(is);
  if (meant !== undefined && accepts(meant)) return meant;
  const found = is(argument) ? [] : all.filter(accepts);
  if (found.length === 0) {
    vscode.window.showInformationMessage(none);
    return null;
  }
  if (found.length === 1) return found[0]!;
  const items = found.map((one) => ({ ...item(one), one }));
  return (await vscode.window.showQuickPick(items, { placeHolder: which }))?.one ?? null;
}

export function workItem({ name, description, startedAt }: Work): vscode.QuickPickItem {
  return { label: name, description, detail: new Date(startedAt).toLocaleString() };
}
