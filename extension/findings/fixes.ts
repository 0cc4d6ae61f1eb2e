import type * as vscode from 'vscode';
import type { Edit, Finding } from '../../core/events/finding.ts';
import { configEdit } from '../language/edits.ts';
import { loadCore } from '../load-core.ts';

/** A fix as one undoable step; null where a path of it has vanished. */
export function fixEdit(
  document: vscode.TextDocument,
  edits: readonly Edit[],
): vscode.WorkspaceEdit | null {
  try {
    return configEdit(document, edits);
  } catch (error) {
    if (error instanceof loadCore().UserError) return null;
    throw error;
  }
}

/** Adds a rule to those that stay silent. */
export function muteEdit(mute: readonly string[], rule: string): Edit {
  return { path: ['mute'], value: [...mute, rule] };
}

/** The best fix of each finding, as far as they do not get into each other's way. */
export function editsOfAll(text: string, fileName: string, findings: readonly Finding[]): Edit[] {
  const start = { text, edits: [], titles: [] };
  return loadCore().applyFixes(start, findings, fileName, new Set())?.edits ?? [];
}
