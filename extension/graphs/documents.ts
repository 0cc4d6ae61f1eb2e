import type * as vscode from 'vscode';

/** The files that hold a formula whose graph can be shown. */
export const GRAPH_GLOB = '**/*.graph.{yaml,yml,json}';

export const GRAPH_SELECTOR: vscode.DocumentSelector = { pattern: GRAPH_GLOB };

export function isGraphUri(uri: vscode.Uri): boolean {
  return /\.graph\.(ya?ml|json)$/.test(uri.path);
}

/** `sigmoid` for `…/sigmoid.graph.yaml`. */
export function graphName(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.graph\.(ya?ml|json)$/, '');
}
