import * as vscode from 'vscode';
import type { Edit } from '../core/events/finding.ts';

/** The sample of the walkthrough: a config, and what it needs. */
export const DIGITS = ['digits.train.yaml', 'digits.csv'] as const;

/** The rates that the walkthrough breaks and mends the sample with. */
export const BROKEN_RATE = 1e6;
export const MENDED_RATE = 0.05;

export function rateEdit(value: number): Edit {
  return { path: ['optimizer', 'learningRate'], value };
}

/**
 * Copies a sample into the open workspace, or a folder the user picks. What is there already is
 * kept: a sample that was changed stays changed.
 * @returns the first of its files, or null when the user picked nothing
 */
export async function copySample(
  extension: vscode.Uri,
  files: readonly [string, ...string[]],
): Promise<vscode.Uri | null> {
  const folder = await targetFolder();
  if (!folder) return null;
  for (const name of files) {
    const source = vscode.Uri.joinPath(extension, 'extension', 'samples', name);
    const target = vscode.Uri.joinPath(folder, name);
    if (await exists(target)) continue;
    await vscode.workspace.fs.copy(source, target, { overwrite: false });
  }
  return vscode.Uri.joinPath(folder, files[0]);
}

async function targetFolder(): Promise<vscode.Uri | null> {
  const { workspaceFolders = [] } = vscode.workspace;
  if (workspaceFolders.length === 1) return workspaceFolders[0]!.uri;
  if (workspaceFolders.length > 1)
    return (await vscode.window.showWorkspaceFolderPick())?.uri ?? null;
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: vscode.l10n.t('Copy the sample here'),
  });
  return picked?.[0] ?? null;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
