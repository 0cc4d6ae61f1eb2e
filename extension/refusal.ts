import * as vscode from 'vscode';
import { tellProblem } from './checks/checker.ts';
import { messageOf } from './format.ts';
import type { ConfigDiagnostics } from './language/diagnostics.ts';
import { configName } from './language/documents.ts';
import { loadCore } from './load-core.ts';

/** Tells why a config was refused: at the key to blame, where its text stands in a document. */
export async function tellRefusal(
  diagnostics: ConfigDiagnostics,
  config: vscode.Uri,
  document: vscode.TextDocument | null,
  error: unknown,
): Promise<void> {
  const message = messageOf(error);
  const path = error instanceof loadCore().UserError ? error.place.path : undefined;
  if (!path || !document) {
    vscode.window.showErrorMessage(`${configName(config.path)}: ${message}`);
    return;
  }
  const problem = await diagnostics.refuse(document, path, message);
  void tellProblem(document, problem, 1);
}
