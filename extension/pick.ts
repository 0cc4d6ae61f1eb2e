import * as vscode from 'vscode';
import { configName, isConfigUri } from './language/documents.ts';
import { Run } from './runs/run.ts';
import type { RunStore } from './runs/store.ts';
import { findConfigs } from './sidebar/configs.ts';
import { formatEpoch, stateName } from './sidebar/runs.ts';

/**
 * The config a command is about: its argument, else the one in the active editor, else the only one
 * in the workspace, else the user's choice. Says so when there is none.
 */
export async function pickConfig(argument: unknown): Promise<vscode.Uri | null> {
  if (argument instanceof vscode.Uri) return argument;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isConfigUri(active)) return active;
  const configs = await findConfigs();
  if (configs.length === 0) {
    const open = vscode.l10n.t('Open the Digits Sample');
    const message = vscode.l10n.t(
      'There is no training config (*.train.yaml) in this workspace yet. Open a folder that has one, or start from a sample.',
    );
    const chosen = await vscode.window.showInformationMessage(message, open);
    if (chosen === open) await vscode.commands.executeCommand('trainscope.openSample');
    return null;
  }
  if (configs.length === 1) return configs[0]!;
  const items = configs.map((uri) => ({
    label: configName(uri.path),
    description: vscode.workspace.asRelativePath(uri),
    uri,
  }));
  const placeHolder = vscode.l10n.t('Which config?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.uri ?? null;
}

export interface RunQuestion {
  store: RunStore;
  /** What is selected in the sidebar: a key pressed there is about it. */
  selection: readonly unknown[];
  /** Which runs the command can act on. */
  accepts: (run: Run) => boolean;
  /** Said when there is none. */
  none: string;
}

/** The run a command is about: its argument, else the sidebar's selection, else a choice. */
export async function pickRun(argument: unknown, question: RunQuestion): Promise<Run | null> {
  const { store, selection, accepts, none } = question;
  const named = typeof argument === 'string' ? store.get(argument) : argument;
  const meant = named ?? selection.find((node) => node instanceof Run);
  if (meant instanceof Run && accepts(meant)) return meant;
  const runs = store.runs.filter(accepts);
  if (runs.length === 0 || named instanceof Run) {
    vscode.window.showInformationMessage(none);
    return null;
  }
  if (runs.length === 1) return runs[0]!;
  const items = runs.map((run) => ({
    label: run.summary.name,
    description: `${stateName(run.summary.state)} · ${formatEpoch(run.summary.epoch)}/${run.summary.epochs}`,
    detail: new Date(run.summary.startedAt).toLocaleString(),
    run,
  }));
  const placeHolder = vscode.l10n.t('Which run?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.run ?? null;
}
