import * as vscode from 'vscode';
import { fileName } from './format.ts';

/** What a file to be saved is about: it is named after it, and put beside its file unless the user says otherwise. */
export interface Subject {
  id: string;
  file: vscode.Uri;
}

/** Where a file is to be saved; undefined: nowhere. */
export function askWhere(
  { id, file }: Subject,
  name: string,
  extension: string,
  kind: string,
): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(file, '..', `${fileName(id, name)}.${extension}`),
    filters: { [kind]: [extension] },
  });
}
