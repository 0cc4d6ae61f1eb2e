import * as vscode from 'vscode';
import type { Edit } from '../../core/events/finding.ts';
import { loadCore } from '../load-core.ts';

/**
 * Applies edits to a config as one undoable step; comments and layout stay.
 * `version` is the document's version that the edits were made for.
 * @returns why nothing was changed, or null when it was
 * @throws UserError when a path leads nowhere
 */
export async function applyConfigEdits(
  document: vscode.TextDocument,
  edits: readonly Edit[],
  version: number,
): Promise<string | null> {
  const changed = vscode.l10n.t(
    'The config was changed meanwhile, so the edit was not made. Please try again.',
  );
  if (document.version !== version) return changed;
  return (await vscode.workspace.applyEdit(configEdit(document, edits))) ? null : changed;
}

/** Edits of a config as one undoable step. Throws UserError when a path leads nowhere. */
export function configEdit(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): vscode.WorkspaceEdit {
  return textEdit(document, loadCore().applyEdits(document.getText(), document.uri.path, edits));
}

/** Replacements of the text as it is, by offsets. */
export function textEdit(
  document: vscode.TextDocument,
  replacements: readonly { start: number; end: number; text: string }[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of replacements) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(document.uri, range, text);
  }
  return edit;
}
