import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { fileName } from './format.ts';
import type { Run } from './runs/run.ts';

/** Where a file about a run is to be saved; undefined: nowhere. Beside its config unless the user says otherwise. */
export function askWhere(
  run: Run,
  name: string,
  extension: string,
  kind: string,
): Thenable<vscode.Uri | undefined> {
  const folder = vscode.Uri.file(dirname(run.config.fsPath));
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${fileName(run.id, name)}.${extension}`),
    filters: { [kind]: [extension] },
  });
}
