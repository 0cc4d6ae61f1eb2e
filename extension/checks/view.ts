import * as vscode from 'vscode';
import type { CheckResult, CheckStatus } from '../../core/sanity/check.ts';
import { VIEWS } from '../ids.ts';
import { type ConfigDocuments, configName, isConfigUri } from '../language/documents.ts';
import { toRange } from '../language/positions.ts';
import { type CheckDetail, detailsOf } from './details.ts';

export type CheckNode = CheckResult | CheckDetail;

const ICONS: { readonly [status in CheckStatus]: [icon: string, color: string | null] } = {
  pass: ['pass', 'testing.iconPassed'],
  warn: ['warning', 'problemsWarningIcon.foreground'],
  fail: ['error', 'problemsErrorIcon.foreground'],
  skip: ['circle-slash', null],
};

/** What the latest checks have seen: a line each, and beneath it the numbers that it rests on. */
export class CheckView implements vscode.TreeDataProvider<CheckNode>, vscode.Disposable {
  readonly #documents: ConfigDocuments;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<CheckNode>;
  readonly #subscriptions: vscode.Disposable[];
  #document: vscode.TextDocument | null = null;
  #results: CheckResult[] = [];

  constructor(documents: ConfigDocuments) {
    this.#documents = documents;
    this.#view = vscode.window.createTreeView(VIEWS.checks, { treeDataProvider: this });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#isShown(document.uri))
          this.#view.message = vscode.l10n.t('The config was changed since.');
      }),
    ];
  }

  get results(): readonly CheckResult[] {
    return this.#results;
  }

  begin(document: vscode.TextDocument): void {
    this.#document = document;
    this.#results = [];
    this.#view.description = configName(document.uri.path);
    this.#view.message = vscode.l10n.t('Checking…');
    this.#view.badge = undefined;
    this.#changed.fire(undefined);
  }

  add(result: CheckResult): void {
    this.#results.push(result);
    this.#changed.fire(undefined);
  }

  end(): void {
    this.#view.message = undefined;
    const failed = this.#results.filter(({ status }) => status === 'fail').length;
    if (failed > 0)
      this.#view.badge = { value: failed, tooltip: vscode.l10n.t('{0} checks failed', failed) };
  }

  async focus(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEWS.checks}.focus`);
  }

  getChildren(node?: CheckNode): CheckNode[] {
    if (!node) return this.#results;
    return 'check' in node ? detailsOf(node) : [];
  }

  getTreeItem(node: CheckNode): vscode.TreeItem {
    if ('check' in node) return this.#resultItem(node);
    const item = new vscode.TreeItem(node.label);
    item.description = node.text;
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #resultItem(result: CheckResult): vscode.TreeItem {
    const { title, status, message, check, path } = result;
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const isWrong = status === 'fail' || status === 'warn';
    const item = new vscode.TreeItem(
      title,
      detailsOf(result).length === 0 ? None : isWrong ? Expanded : Collapsed,
    );
    const [icon, color] = ICONS[status];
    item.id = check;
    item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
    item.description = message;
    item.tooltip = `${check}: ${message}`;
    item.accessibilityInformation = { label: `${statusName(status)}: ${title}. ${message}` };
    if (this.#document) {
      const range = toRange(this.#documents.parse(this.#document).underline(path));
      const { uri } = this.#document;
      const title = vscode.l10n.t('Open');
      item.command = { command: 'vscode.open', title, arguments: [uri, { selection: range }] };
    }
    return item;
  }

  #isShown(uri: vscode.Uri): boolean {
    return isConfigUri(uri) && this.#document?.uri.toString() === uri.toString();
  }
}

function statusName(status: CheckStatus): string {
  switch (status) {
    case 'pass':
      return vscode.l10n.t('passed');
    case 'warn':
      return vscode.l10n.t('warning');
    case 'fail':
      return vscode.l10n.t('failed');
    case 'skip':
      return vscode.l10n.t('left out');
  }
}
