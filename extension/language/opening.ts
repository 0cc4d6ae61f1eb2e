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

/** A config that something was trained with. One that is gone is told, once: null. */
export async function openOrTell(config: vscode.Uri): Promise<vscode.TextDocument | null> {
  const document = await openOrNull(config);
  if (!document)
    vscode.window.showErrorMessage(
      vscode.l10n.t(
        '{0} is not there any more. What was trained with it has a copy of it in its folder.',
        vscode.workspace.asRelativePath(config),
      ),
    );
  return document;
}

/** Shows a config that something was trained with, or tells that it is gone. */
export async function showConfig(config: vscode.Uri): Promise<void> {
  const document = await openOrTell(config);
  if (document) await vscode.window.showTextDocument(document);
}

/** Null: it is gone. */
export async function openOrNull(config: vscode.Uri): Promise<vscode.TextDocument | null> {
  try {
    return await vscode.workspace.openTextDocument(config);
  } catch {
    return null;
  }
}
