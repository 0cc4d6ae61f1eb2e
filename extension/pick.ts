import * as vscode from 'vscode';
import { pickOne, type Question } from './kept/pick.ts';
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

/** The run a command is about: its argument (or its folder), else the sidebar's selection, else a choice. */
export function pickRun(
  argument: unknown,
  {
    store,
    ...question
  }: { store: RunStore } & Pick<Question<Run>, 'selection' | 'accepts' | 'none'>,
): Promise<Run | null> {
  const named = typeof argument === 'string' ? store.get(argument) : argument;
  return pickOne(named, {
    ...question,
    is: (one) => one instanceof Run,
    all: [...new Set([...store.active, ...store.runs])],
    which: vscode.l10n.t('Which run?'),
    item: runItem,
  });
}

export function runItem({ summary }: Run): vscode.QuickPickItem {
  const { name, state, epoch, epochs, startedAt } = summary;
  return {
    label: name,
    description: `${stateName(state)} · ${formatEpoch(epoch)}/${epochs}`,
    detail: new Date(startedAt).toLocaleString(),
  };
}
