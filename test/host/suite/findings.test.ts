import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { Run } from '../../../extension/runs/run.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { cleanUp, openConfig, press, trainscope, until } from './workbench.ts';

const HEALTHY = `data: { source: blobs, examples: 300, validation: 0.2, noise: 0.1 }
model:
  layers: [dense: 16, relu, dense: 16, relu, dense: 3]
  init: he # suits relu
optimizer:
  type: sgd
  learningRate: 0.05 # fits
training: { epochs: 12, batchSize: 32 }
`;

interface Shown {
  rule: string;
  text: string;
  severity: vscode.DiagnosticSeverity;
  diagnostic: vscode.Diagnostic;
}

function shown(document: vscode.TextDocument): Shown[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'trainscope')
    .map((diagnostic) => ({
      rule: String(typeof diagnostic.code === 'object' ? diagnostic.code.value : diagnostic.code),
      text: document.getText(diagnostic.range),
      severity: diagnostic.severity,
      diagnostic,
    }));
}

const isSerious = ({ severity }: Shown) => severity <= vscode.DiagnosticSeverity.Warning;

async function actionsAt(document: vscode.TextDocument, at: vscode.Range) {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    at,
  );
}

/** Answers the next notification with this button; resolves with its text. */
function answerInformation(button: string): Promise<string> {
  const { window } = vscode;
  const { showInformationMessage } = window;
  return new Promise((resolve) => {
    const answer = async (text: string) => {
      window.showInformationMessage = showInformationMessage;
      resolve(text);
      return button;
    };
    window.showInformationMessage = answer as typeof showInformationMessage;
  });
}

async function trained(document: vscode.TextDocument): Promise<Run> {
  const run = (await press(document, '▶ Train')) as Run;
  (await trainscope()).dashboards.at(run.runsFolder)?.panel.dispose();
  await until('the run ends', () => !run.active, 40_000);
  return run;
}

describe('findings in the editor', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  const faults: [name: string, text: string, rules: RegExp, underlined: RegExp][] = [
    ['rate', HEALTHY.replace('0.05', '1e6'), /^learning-rate-high$/, /^learningRate: 1e6$/],
    ['init', HEALTHY.replace('init: he', 'init: zeros'), /-init/, /^init: zeros$/],
  ];
  for (const [name, text, rules, key] of faults) {
    it(`${name}: train, see the key underlined, take the fix, verify, see it vanish`, async () => {
      const document = await openConfig(`found-${name}.train.yaml`, text);
      const run = await trained(document);
      const told = run.summary.findings.find(({ rule }) => rules.test(rule));
      assert.ok(told, `the run says ${run.summary.findings.map(({ rule }) => rule).join()}`);
      // What the text alone tells stands there until what the run says takes its place.
      const found = await until('the key is underlined in the words of the run', () =>
        shown(document).find(
          (one) => one.diagnostic.message === told.message && one.rule === told.rule,
        ),
      );
      assert.ok(isSerious(found));
      assert.match(found.text, key);
      const actions = await actionsAt(document, found.diagnostic.range);
      const verify = actions.find(({ command }) => command?.command === 'trainscope.verifyFix');
      assert.ok(verify?.command, actions.map(({ title }) => title).join());
      const report = answerInformation('Keep');
      const outcome = await vscode.commands.executeCommand(
        verify.command.command,
        ...(verify.command.arguments ?? []),
      );
      assert.equal(outcome, 'kept');
      assert.match(await report, / → accuracy (0\.9|1)/);
      await until('nothing is underlined', () => !shown(document).some(isSerious));
      assert.notEqual(document.getText(), text);
      assert.ok(document.getText().includes('# suits relu'), 'comments stay');
      await document.save();
      await trained(document);
      await until('it stays so', () => !shown(document).some(isSerious));
    });
  }

  it('goes stale with an edit of its key, and is there again when that is taken back', async () => {
    const document = await openConfig('stale.train.yaml', HEALTHY.replace('0.05', '1e6'));
    await trained(document);
    const rate = () => shown(document).find(({ rule }) => rule === 'learning-rate-high');
    await until('it is underlined', () => rate()?.severity === vscode.DiagnosticSeverity.Error);
    const at = document.getText().indexOf('1e6');
    const write = async (from: string, to: string) => {
      const edit = new vscode.WorkspaceEdit();
      const start = document.positionAt(at);
      edit.replace(document.uri, new vscode.Range(start, start.translate(0, from.length)), to);
      assert.ok(await vscode.workspace.applyEdit(edit));
    };
    await write('1e6', '0.7');
    const stale = await until(
      'it is stale',
      () => rate()?.severity === vscode.DiagnosticSeverity.Hint && rate(),
    );
    assert.match(stale.diagnostic.message, /before this edit/);
    await write('0.7', '1e6');
    await until('it holds again', () => rate()?.severity === vscode.DiagnosticSeverity.Error);
    await document.save();
  });

  it('of the ranges of a search is told while they are written, and gone when they are mended', async () => {
    const search = `sweep:
  parameters:
    optimizer.learningRate: { uniform: [0.0001, 1] }
  stages: [{ trials: 4, epochs: 1 }]
`;
    const document = await openConfig('ranges.train.yaml', HEALTHY + search);
    const rules = () => shown(document).map(({ rule }) => rule);
    const both = ['sweep-linear-range', 'sweep-too-few-trials'];
    await until('both are told', () => rules().length === 2);
    assert.deepEqual(rules().sort(), both);
    const range = shown(document).find(({ rule }) => rule === 'sweep-linear-range')!;
    assert.match(range.text, /0\.0001, 1/);
    const actions = await actionsAt(document, range.diagnostic.range);
    const mend = actions.find(({ title }) => title.startsWith('Search optimizer.learningRate'));
    assert.ok(mend?.edit, actions.map(({ title }) => title).join());
    assert.ok(await vscode.workspace.applyEdit(mend.edit));
    await until('one is gone', () => rules().join() === 'sweep-too-few-trials');
    await document.save();
  });

  it('is told while editing, muted at its key, and mended with others at once', async () => {
    const text = HEALTHY.replace('0.05', '50').replace('dense: 3]', 'dense: 3, softmax]');
    const document = await openConfig('static.train.yaml', text);
    const rules = () => shown(document).map(({ rule }) => rule);
    await until('both are told', () => rules().length === 2);
    assert.deepEqual(rules().sort(), ['softmax-twice', 'suspicious-learning-rate']);
    const rate = shown(document).find(({ rule }) => rule === 'suspicious-learning-rate')!;
    const { target } = rate.diagnostic.code as { target: vscode.Uri };
    assert.match(
      target.toString(true),
      /^command:trainscope\.explainRule\?.*suspicious-learning-rate/,
    );
    const actions = await actionsAt(document, rate.diagnostic.range);
    const take = async (title: RegExp) => {
      const action = actions.find((one) => title.test(one.title));
      assert.ok(action?.edit, actions.map((one) => one.title).join());
      assert.ok(await vscode.workspace.applyEdit(action.edit));
    };
    await take(/^Mute suspicious-learning-rate here$/);
    await until('one is silent', () => rules().join() === 'softmax-twice');
    assert.match(document.getText(), /mute:\s*(\[|-\s*)suspicious-learning-rate/);
    await vscode.commands.executeCommand('undo');
    await until('both are told again', () => rules().length === 2);
    await take(/^Fix all/);
    await until('nothing is told', () => rules().length === 0);
    await document.save();
  });

  it('leads to the line of the data that is to blame', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i === 7 ? '' : i},${i % 2 ? 'a' : 'b'}`);
    const table = await openConfig('gap.csv', `x,kind\n${rows.join('\n')}\n`);
    const document = await openConfig(
      'gap.train.yaml',
      'data: { source: gap.csv, label: kind, validation: gap.csv }\nmodel: { layers: [dense: 2] }\n',
    );
    const gap = await until('it is told', () =>
      shown(document).find(({ rule }) => rule === 'bad-input'),
    );
    assert.equal(gap.text, 'source: gap.csv');
    assert.match(gap.diagnostic.message, /the first in line 9 of gap\.csv, column "x"/);
    const [related] = gap.diagnostic.relatedInformation ?? [];
    assert.equal(related?.location.uri.toString(), table.uri.toString());
    assert.equal(related?.location.range.start.line, 8);
  });

  it('leaves the file as it was when a verification is cancelled or the fix is outdated', async () => {
    const endless = HEALTHY.replace('0.05', '50').replace('epochs: 12', 'epochs: 1000000');
    const document = await openConfig('cancelled.train.yaml', endless);
    const [rate] = await until('it is told', () => {
      const all = shown(document);
      return all.length > 0 && all;
    });
    const actions = await actionsAt(document, rate!.diagnostic.range);
    const { command } = actions.find((one) => one.command?.command === 'trainscope.verifyFix')!;
    const { withProgress } = vscode.window;
    const source = new vscode.CancellationTokenSource();
    vscode.window.withProgress = ((_options, task) =>
      task(
        { report: () => setTimeout(() => source.cancel(), 50) },
        source.token,
      )) as typeof withProgress;
    try {
      const outcome = await vscode.commands.executeCommand(
        command!.command,
        ...(command!.arguments ?? []),
      );
      assert.equal(outcome, 'cancelled');
    } finally {
      vscode.window.withProgress = withProgress;
    }
    assert.equal(document.getText(), endless);
    assert.equal(app.verification.shown, null);
    const outdated = await vscode.commands.executeCommand(
      command!.command,
      ...(command!.arguments ?? []),
    );
    assert.equal(outdated, 'refused');
    assert.equal(document.getText(), endless);
    await document.save();
  });
});
