import * as vscode from 'vscode';
import { whyNotOnDisk } from '../trust.ts';

/**
 * A config as it stands in the editor, saved first: a read-only file, which cannot be saved, is taken as it is. Null
 * where it is not on disk: that is told.
 */
export async function savedConfig(config: vscode.Uri): Promise<vscode.TextDocument | null> {
  const refusal = whyNotOnDisk(config);
  if (refusal) {
    vscode.window.showErrorMessage(refusal);
    return null;
  }
  const document = await vscode.workspace.openTextDocument(config);
  if (document.isDirty) await document.save();
  return document;
}

/** Null: it is gone. */
export async function openOrNull(config: vscode.Uri): Promise<vscode.TextDocument | null> {
  try {
    return await vscode.workspace.openTextDocument(config);
  } catch {
    return null;
  }
}
