import * as vscode from 'vscode';
import type { CommandId } from '../ids.ts';

/** Opens the page about a rule, which comes with the extension. */
export function rulePage(rule: string): vscode.Uri {
  const command: CommandId = 'trainscope.explainRule';
  return vscode.Uri.parse(`command:${command}?${encodeURIComponent(JSON.stringify([rule]))}`);
}

/** Shows why a rule says what it says; without one, all of them. */
export async function explainRule(extension: vscode.Uri, rule: unknown): Promise<void> {
  const page = vscode.Uri.joinPath(extension, 'extension', 'docs', 'rules.md');
  const fragment = typeof rule === 'string' ? rule : '';
  await vscode.commands.executeCommand('markdown.showPreview', page.with({ fragment }));
}
