import * as vscode from 'vscode';
import { type FileFormat, LARGEST_FILE } from '../../webview/protocol.ts';
import type { Run } from '../runs/run.ts';
import { askWhere } from '../save-dialog.ts';

const FILTERS: { [F in FileFormat]: string } = {
  png: 'PNG',
  svg: 'SVG',
  csv: 'CSV',
};

/** Asks where to, and writes what the view has made of a chart. Tells why it cannot. */
export async function saveChart(
  run: Run,
  { name, format, bytes }: { name: string; format: FileFormat; bytes: Uint8Array },
): Promise<void> {
  if (!(format in FILTERS) || !(bytes instanceof Uint8Array) || bytes.length > LARGEST_FILE) return;
  const file = await askWhere(run, name, format, FILTERS[format]);
  if (!file) return;
  try {
    await vscode.workspace.fs.writeFile(file, bytes);
    const told = vscode.l10n.t('Saved {0}', vscode.workspace.asRelativePath(file));
    vscode.window.setStatusBarMessage(told, 5000);
  } catch (error) {
    notSaved(file.fsPath, error instanceof Error ? error.message : String(error));
  }
}

/** What could not be saved, and why. */
export function notSaved(name: string, reason: string): void {
  const message = vscode.l10n.t('{0} could not be saved: {1}', name, reason);
  vscode.window.showErrorMessage(message);
}
