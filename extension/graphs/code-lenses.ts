import * as vscode from 'vscode';
import type { CommandId } from '../ids.ts';

/** Show graph, above the first line. */
export class GraphLenses implements vscode.CodeLensProvider {
  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const command: CommandId = 'trainscope.openGraph';
    const lens = {
      title: vscode.l10n.t('Show graph'),
      tooltip: vscode.l10n.t('Values and gradients of this formula, gate by gate'),
      command,
      arguments: [uri],
    };
    return [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), lens)];
  }
}
