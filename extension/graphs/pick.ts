import * as vscode from 'vscode';
import { copySample } from '../samples.ts';
import { GRAPH_GLOB, graphName, isGraphUri } from './documents.ts';

/** The lectures' examples, shipped with the extension. */
const SAMPLES = [
  { name: 'circuit.graph.yaml', formula: 'f = (x + y) z' },
  { name: 'sigmoid.graph.yaml', formula: 'f = 1 / (1 + exp(−(w₀x₀ + w₁x₁ + w₂)))' },
];
const MOST_FILES = 100;

/**
 * The file of the formula a command is about: its argument, else the one in the editor, else a choice among
 * those of the workspace and the samples, which are copied. Null when the user picked nothing.
 */
export async function pickGraph(
  argument: unknown,
  extension: vscode.Uri,
): Promise<vscode.Uri | null> {
  if (argument instanceof vscode.Uri && isGraphUri(argument)) return argument;
  const active = vscode.window.activeTextEditor?.document.uri;
  if (argument === undefined && active && isGraphUri(active)) return active;
  const files = await vscode.workspace.findFiles(GRAPH_GLOB, '**/node_modules/**', MOST_FILES);
  const own = files
    .sort((a, b) => a.path.localeCompare(b.path))
    .map((file) => ({
      label: graphName(file.path),
      description: vscode.workspace.asRelativePath(file),
      open: async () => file,
    }));
  const known = new Set(files.map(({ path }) => path.replace(/^.*\//, '')));
  const samples = SAMPLES.filter(({ name }) => !known.has(name)).map(({ name, formula }) => ({
    label: formula,
    description: vscode.l10n.t('sample, copied into your folder'),
    open: () => copySample(extension, [name]),
  }));
  const placeHolder = vscode.l10n.t('Which computational graph?');
  const picked = await vscode.window.showQuickPick([...own, ...samples], { placeHolder });
  return picked ? picked.open() : null;
}
