import * as vscode from 'vscode';
import type { Edit } from '../../core/events/finding.ts';
import { loadCore } from '../load-core.ts';

/**
 * Applies edits to a config as one undoable step; comments and layout stay.
 * `version` is the document's version that the edits were made for.
 * @returns why nothing was changed, or null when it was
 */
export async function applyConfigEdits(
  document: vscode.TextDocument,
  edits: Edit[],
  version: number,
): Promise<string | null> {
  const { applyEdits } = loadCore();
  const changed = vscode.l10n.t(
    'The config was changed meanwhile, so the edit was not made. Please try again.',
  );
  if (document.version !== version) return changed;
  const edit = new vscode.WorkspaceEdit();
  for (const { start, end, text } of applyEdits(document.getText(), document.uri.path, edits)) {
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.replace(document.uri, range, text);
  }
  return (await vscode.workspace.applyEdit(edit)) ? null : changed;
}
