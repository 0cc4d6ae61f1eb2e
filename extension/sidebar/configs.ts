import * as vscode from 'vscode';
import type { ViewItem } from '../ids.ts';
import { CONFIG_GLOB, configName } from '../language/documents.ts';

/** The configs of all workspace folders, by path. */
export class ConfigTree implements vscode.TreeDataProvider<vscode.Uri>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[] = [this.#changed];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(CONFIG_GLOB, false, true, false);
    const refresh = () => this.#changed.fire(undefined);
    this.#subscriptions.push(
      watcher,
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      // The watcher may lag or be switched off by the user for a folder; our own edits are certain.
      vscode.workspace.onDidCreateFiles(refresh),
      vscode.workspace.onDidDeleteFiles(refresh),
      vscode.workspace.onDidRenameFiles(refresh),
      vscode.workspace.onDidSaveTextDocument(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    );
  }

  getChildren(node?: vscode.Uri): Promise<vscode.Uri[]> | [] {
    return node ? [] : findConfigs();
  }

  getTreeItem(uri: vscode.Uri): vscode.TreeItem {
    const item = new vscode.TreeItem(configName(uri.path));
    const contextValue: ViewItem = 'config';
    item.id = uri.toString();
    item.resourceUri = uri;
    item.iconPath = vscode.ThemeIcon.File;
    item.description = folderOf(uri);
    item.tooltip = vscode.workspace.asRelativePath(uri);
    item.contextValue = contextValue;
    item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Run folders hold no configs to train, and may be many: they are not searched. */
export async function findConfigs(): Promise<vscode.Uri[]> {
  const exclude = '**/{node_modules,.trainscope}/**';
  const found = await vscode.workspace.findFiles(CONFIG_GLOB, exclude);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function folderOf(uri: vscode.Uri): string {
  const path = vscode.workspace.asRelativePath(uri);
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
