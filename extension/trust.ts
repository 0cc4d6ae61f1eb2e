import { dirname } from 'node:path';
import * as vscode from 'vscode';

/**
 * Where data may be read. Anywhere in a trusted workspace; else inside the workspace's folders, or
 * beside a config that was opened without any.
 */
export function readableRoots(
  config: vscode.Uri,
  {
    isTrusted,
    workspaceFolders = [],
  }: Pick<typeof vscode.workspace, 'isTrusted' | 'workspaceFolders'> = vscode.workspace,
): string[] | null {
  if (isTrusted) return null;
  const folders = workspaceFolders
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  return folders.length > 0 ? folders : [dirname(config.fsPath)];
}

/** Why a config cannot be trained where it is, or null when it can. */
export function whyNotOnDisk(config: vscode.Uri): string | null {
  if (config.scheme === 'file') return null;
  return config.scheme === 'untitled'
    ? vscode.l10n.t('Save the config first: a training writes its log beside it.')
    : vscode.l10n.t(
        'Training needs a folder on disk, for the data and the log, but this config lives in a virtual workspace ({0}). Open a local copy of it.',
        config.scheme,
      );
}
