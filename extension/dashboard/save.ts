import * as vscode from 'vscode';
import { type FileFormat, LARGEST_FILE, type Taken } from '../../webview/protocol.ts';
import { askWhere, type Subject } from '../save-dialog.ts';

const FILTERS: { [F in FileFormat]: string } = {
  png: 'PNG',
  svg: 'SVG',
  csv: 'CSV',
};

export function isTaken(message: { type: string }): message is Taken {
  return ['save', 'copy', 'notSaved'].includes(message.type);
}

/** Does with a chart of a view what the user wants. */
export function handOut(subject: Subject, taken: Taken): void {
  switch (taken.type) {
    case 'save':
      void saveChart(subject, taken);
      break;
    case 'copy':
      void vscode.env.clipboard.writeText(taken.text);
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied'), 3000);
      break;
    case 'notSaved':
      notSaved(taken.name, taken.reason);
      break;
  }
}

/** Asks where to, and writes what the view has made of a chart. Tells why it cannot. */
async function saveChart(
  subject: Subject,
  { name, format, bytes }: Extract<Taken, { type: 'save' }>,
): Promise<void> {
  if (!(format in FILTERS) || !(bytes instanceof Uint8Array) || bytes.length > LARGEST_FILE) return;
  const file = await askWhere(subject, name, format, FILTERS[format]);
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
function notSaved(name: string, reason: string): void {
  const message = vscode.l10n.t('{0} could not be saved: {1}', name, reason);
  vscode.window.showErrorMessage(message);
}
