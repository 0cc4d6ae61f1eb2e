import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { applyConfigEdits } from '../../../extension/language/edits.ts';
import { codeLenses, openConfig, openSample, trainscope, underlined, until } from './workbench.ts';

const BROKEN = `data:
  source: digits.csv
  label: digit
model:
  layers:
    - dense: 100
    - relu
    - dense: 7 # a digit more
optimizer:
  type: sgd
  lerningRate: 1e-2
training: { epochs: twelve }
`;

async function labels(document: vscode.TextDocument): Promise<string[]> {
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
    'vscode.executeInlayHintProvider',
    document.uri,
    whole,
  );
  return hints.map(({ label, position }) => {
    const before = document.lineAt(position.line).text.slice(0, position.character);
    return `${before.trim()} ${label}`;
  });
}

describe('the config language', () => {
  before(trainscope);

  it('underlines exactly the wrong key and the wrong value', async () => {
    const document = await openConfig('broken.train.yaml', BROKEN);
    const found = await until('two problems are underlined', () => {
      const problems = underlined(document);
      return problems.length >= 2 && problems;
    });
    assert.deepEqual(found.map(({ text }) => text).sort(), ['lerningRate', 'twelve']);
    const [key] = found.filter(({ text }) => text === 'lerningRate');
    assert.match(key!.message, /learningRate/);
  });

  it('underlines a last layer that does not fit the data', async () => {
    const text = BROKEN.replace('lerningRate', 'learningRate').replace('twelve', '12');
    const document = await openConfig('shape.train.yaml', text);
    const [problem, ...more] = await until('the shape is underlined', () => {
      const problems = underlined(document);
      return problems.length > 0 && problems;
    });
    assert.deepEqual(more, []);
    assert.match(problem!.message, /7 outputs.*10 classes/);
    assert.equal(problem!.text, 'dense: 7');
  });

  it('says where data is missing, and stops saying it when it is there', async () => {
    const text = BROKEN.replace('lerningRate', 'learningRate')
      .replace('twelve', '12')
      .replace('dense: 7', 'dense: 10')
      .replace('digits.csv', 'later.csv');
    const document = await openConfig('missing.train.yaml', text);
    const [problem] = await until('the source is underlined', () => {
      const problems = underlined(document);
      return problems.length > 0 && problems;
    });
    assert.equal(problem!.text, 'later.csv');
    const folder = vscode.Uri.joinPath(document.uri, '..');
    await vscode.workspace.fs.copy(
      vscode.Uri.joinPath(folder, 'digits.csv'),
      vscode.Uri.joinPath(folder, 'later.csv'),
    );
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# now it is there\n');
    await vscode.workspace.applyEdit(edit);
    await until('nothing is underlined', () => underlined(document).length === 0);
  });

  it('shows shapes and parameter counts beside the layers', async () => {
    const document = await openSample('digits.train.yaml');
    assert.deepEqual(await labels(document), [
      'layers: 7,510 parameters',
      '- dense: 100 8×8×1 → 100 · 6,500',
      '- relu 100',
      '- dense: 10 100 → 10 · 1,010',
    ]);
    assert.deepEqual(underlined(document), []);
  });

  it('completes keys and explains them', async () => {
    const document = await openConfig('new.train.yaml', 'optimizer:\n  type: sgd\n  \n');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      new vscode.Position(2, 2),
    );
    const names = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(names.includes('momentum'), `found ${names.join(', ')}`);
    const sample = await openSample('digits.train.yaml');
    const at = sample.positionAt(sample.getText().indexOf('learningRate') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      sample.uri,
      at,
    );
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
    assert.match(text, /step/i);
    assert.match(text, /default/i);
  });

  it('offers Train and Check above the file', async () => {
    const document = await openSample('digits.train.yaml');
    const titles = (await codeLenses(document)).map(({ command }) => command!.title);
    assert.deepEqual(titles.slice(0, 2), ['▶ Train', '✓ Check']);
  });

  it('edits a config in one undoable step, but never one that was changed meanwhile', async () => {
    const document = await openConfig('edited.train.yaml', 'training: { epochs: 3 } # short\n');
    const edits = [{ path: ['training', 'epochs'], value: 5 }];
    const { version } = document;
    assert.equal(await applyConfigEdits(document, edits, version), null);
    assert.equal(document.getText(), 'training: { epochs: 5 } # short\n');
    const refusal = await applyConfigEdits(document, edits, version);
    assert.match(refusal ?? '', /changed meanwhile/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'training: { epochs: 3 } # short\n');
  });
});
