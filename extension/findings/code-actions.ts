import * as vscode from 'vscode';
import type { Fix } from '../../core/events/finding.ts';
import type { CommandId } from '../ids.ts';
import type { ConfigDocuments } from '../language/documents.ts';
import type { ConfigFindings, ShownFinding } from './config-findings.ts';
import { editsOfAll, fixEdit, muteEdit } from './fixes.ts';

const { QuickFix } = vscode.CodeActionKind;

/** The light bulb at a finding: its fixes, each also with its proof by training, and silence. */
export class FindingActions implements vscode.CodeActionProvider {
  static readonly kinds = [QuickFix];
  readonly #findings: ConfigFindings;
  readonly #documents: ConfigDocuments;

  constructor(findings: ConfigFindings, documents: ConfigDocuments) {
    this.#findings = findings;
    this.#documents = documents;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const shown = await this.#findings.of(document);
    const here = shown.filter((one) => one.range.intersection(range));
    const actions: vscode.CodeAction[] = [];
    for (const one of here) {
      const diagnostics = context.diagnostics.filter((diagnostic) => isOf(diagnostic, one));
      const add = (action: vscode.CodeAction) => {
        action.diagnostics = diagnostics;
        actions.push(action);
      };
      const { fixes, rule } = one.finding;
      for (const [i, fix] of fixes.entries()) {
        const applied = fixAction(document, fix);
        applied.isPreferred = i === 0;
        add(applied);
        if (!applied.disabled) add(verifyAction(document, one, i, fix));
      }
      const mute = this.#documents.parse(document).config?.mute;
      const edit = mute && fixEdit(document, [muteEdit(mute, rule)]);
      if (edit) {
        const title = vscode.l10n.t('Mute {0} here', rule);
        add(Object.assign(new vscode.CodeAction(title, QuickFix), { edit }));
      }
    }
    const all = here.length > 0 ? this.#fixAll(document, shown) : null;
    return all ? [...actions, all] : actions;
  }

  #fixAll(document: vscode.TextDocument, shown: readonly ShownFinding[]): vscode.CodeAction | null {
    const current = shown.filter(({ stale }) => !stale).map(({ finding }) => finding);
    if (current.filter(({ fixes, severity }) => fixes.length > 0 && severity !== 'info').length < 2)
      return null;
    const edit = fixEdit(document, editsOfAll(document.getText(), document.uri.path, current));
    const action = new vscode.CodeAction(vscode.l10n.t('Fix all that was found'), QuickFix);
    return edit && Object.assign(action, { edit });
  }
}

function fixAction(document: vscode.TextDocument, { title, edits }: Fix): vscode.CodeAction {
  const action = new vscode.CodeAction(title, QuickFix);
  const edit = fixEdit(document, edits);
  if (edit) action.edit = edit;
  else
    action.disabled = {
      reason: vscode.l10n.t('The key that it would change is not there any more.'),
    };
  return action;
}

function verifyAction(
  document: vscode.TextDocument,
  { finding }: ShownFinding,
  fix: number,
  { title }: Fix,
): vscode.CodeAction {
  const label = vscode.l10n.t('{0}, and verify by training', title);
  const action = new vscode.CodeAction(label, QuickFix);
  const command: CommandId = 'trainscope.verifyFix';
  const argument = { uri: document.uri, finding, fix, version: document.version };
  action.command = { title: label, command, arguments: [argument] };
  return action;
}

function isOf({ code, range }: vscode.Diagnostic, { finding, range: own }: ShownFinding): boolean {
  const value = typeof code === 'object' ? code.value : code;
  return value === finding.rule && range.isEqual(own);
}
