import * as vscode from 'vscode';
import type { Completion } from '../../core/config/index.ts';
import { loadCore } from '../load-core.ts';
import { toRange } from './positions.ts';

/** Keys that may be added and values that may stand at the cursor. */
export class ConfigCompletions implements vscode.CompletionItemProvider {
  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] {
    const offset = document.offsetAt(position);
    return loadCore()
      .completionsAt(document.getText(), document.uri.path, offset)
      .map((completion, rank) => toItem(completion, rank));
  }
}

function toItem(completion: Completion, rank: number): vscode.CompletionItem {
  const { label, kind, documentation, insertText, range } = completion;
  const kinds = vscode.CompletionItemKind;
  const item = new vscode.CompletionItem(label, kind === 'key' ? kinds.Property : kinds.Value);
  item.documentation = new vscode.MarkdownString(documentation);
  item.insertText = new vscode.SnippetString(insertText);
  item.range = toRange(range);
  // The order of the language: what is needed first comes first.
  item.sortText = String(rank).padStart(4, '0');
  return item;
}
