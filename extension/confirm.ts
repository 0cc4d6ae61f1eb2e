import * as vscode from 'vscode';

/** Whether the user wants to delete something, which is asked in so many words. */
export async function isToBeDeleted(question: string, detail: string): Promise<boolean> {
  const remove = vscode.l10n.t('Delete');
  const options = { modal: true, detail };
  return (await vscode.window.showWarningMessage(question, options, remove)) === remove;
}
