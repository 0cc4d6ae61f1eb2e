import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { CheckResult } from '../../../core/sanity/check.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { cleanUp, openConfig, openSample, press, trainscope, until } from './workbench.ts';

const BAD = `data: { source: blobs, examples: 200 }
model:
  layers: [dense: 20, tanh, dense: 3]
  init: { normal: 500 }
optimizer: { type: sgd, learningRate: 0.1 }
`;

/** What checks have underlined. */
function underlined(document: vscode.TextDocument) {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ code }) => code === 'activation-statistics');
}

describe('✓ Check', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('looks at the digits from the CodeLens, and shows what it saw', async () => {
    const document = await openSample('digits.train.yaml');
    const results = (await press(document, '✓ Check')) as CheckResult[];
    assert.equal(results.length, 11);
    const bad = results.filter(({ status }) => status === 'fail' || status === 'warn');
    assert.deepEqual(bad, []);
    assert.deepEqual(app.checks.results, results);
    const shown = app.checks.getChildren();
    assert.equal(shown.length, 11);
    const activations = results.find(({ check }) => check === 'activation-statistics')!;
    const rows = app.checks
      .getChildren(activations)
      .map((row) => app.checks.getTreeItem(row).label);
    assert.deepEqual(rows, ['dense 1', 'relu 1', 'dense 2']);
  });

  it('underlines the key to blame; its fix mends it, and nothing is underlined any more', async () => {
    const document = await openConfig('saturated.train.yaml', BAD);
    const results = (await vscode.commands.executeCommand(
      'trainscope.check',
      document.uri,
    )) as CheckResult[];
    assert.equal(results.find(({ check }) => check === 'activation-statistics')!.status, 'fail');
    const [problem] = underlined(document);
    assert.equal(problem!.severity, vscode.DiagnosticSeverity.Error);
    assert.match(document.getText(problem!.range), /^init: \{ normal: 500 \}$/);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      problem!.range,
    );
    const fix = actions.find(({ title }) => title === 'Use the init xavier');
    assert.ok(fix?.edit, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    assert.match(document.getText(), /^ {2}init: xavier$/m);
    await until('nothing is underlined', () => underlined(document).length === 0);
  });

  it('says at its key what the data lack', async () => {
    const text = BAD.replace('blobs, examples: 200', 'absent.csv, label: x');
    const document = await openConfig('unchecked.train.yaml', text);
    assert.equal(await vscode.commands.executeCommand('trainscope.check', document.uri), null);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(document.getText(problem!.range), 'absent.csv');
  });
});
