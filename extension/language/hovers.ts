import * as vscode from 'vscode';
import { loadCore } from '../load-core.ts';
import { toRange } from './positions.ts';

/** The meaning of the key or the word under the pointer, with its unit and default. */
export class ConfigHovers implements vscode.HoverProvider {
  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | null {
    const offset = document.offsetAt(position);
    const hover = loadCore().hoverAt(document.getText(), document.uri.path, offset);
    return (
      hover && new vscode.Hover(new vscode.MarkdownString(hover.markdown), toRange(hover.range))
    );
  }
}
