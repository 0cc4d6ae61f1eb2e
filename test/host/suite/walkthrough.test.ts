import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { Trainscope } from '../../../extension/trainscope.ts';
import { cleanUp, openSample, trainscope, until } from './workbench.ts';

/** Opens the sample; of the two folders of this workspace, the first is picked. */
async function openSampleByCommand(): Promise<void> {
  let opened = false;
  const opening = vscode.commands
    .executeCommand('trainscope.openSample')
    .then(() => (opened = true));
  await until('the sample is open', async () => {
    if (!opened)
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return opened;
  });
  await opening;
}

describe('the walkthrough', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('opens the sample, breaks it and mends it: each one edit that one undo takes back', async () => {
    await openSampleByCommand();
    const document = vscode.window.activeTextEditor!.document;
    assert.match(document.uri.path, /digits\.train\.yaml$/);
    const original = document.getText();
    const undo = async () => {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('undo');
    };

    await vscode.commands.executeCommand('trainscope.breakSample');
    const broken = document.getText();
    const [diverged] = app.store.of(document.uri);
    await until('it is over', () => diverged!.handle === null);
    assert.equal(diverged!.summary.state, 'diverged');
    assert.equal(original.replace('learningRate: 0.05 ', 'learningRate: 1000000 '), broken);
    assert.equal(document.isDirty, false);

    await vscode.commands.executeCommand('trainscope.mendSample');
    assert.equal(document.getText(), original);
    const [mended] = app.store.of(document.uri);
    assert.notEqual(mended, diverged);

    await undo();
    assert.equal(document.getText(), broken);
    await undo();
    assert.equal(document.getText(), original);
    await document.save();
  });

  it('keeps a sample that was changed', async () => {
    const document = await openSample('digits.train.yaml');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# mine\n');
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await openSampleByCommand();
    assert.match(vscode.window.activeTextEditor!.document.getText(), /^# mine/);
    await vscode.commands.executeCommand('undo');
    await document.save();
  });
});
