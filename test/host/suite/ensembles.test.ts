import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Ensemble } from '../../../extension/ensembles/ensemble.ts';
import { EnsembleStore } from '../../../extension/ensembles/store.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import {
  answerDialog,
  cleanUp,
  lensOf,
  openConfig,
  press,
  trainscope,
  until,
  withoutConfig,
} from './workbench.ts';

const TINY = `data: { source: blobs, examples: 120 }
model:
  layers: [dense: 8, relu, dense: 3]
optimizer: { type: sgd, learningRate: 0.5 }
training: { epochs: 2 }
ensemble: { method: inits, size: 2 }
`;

describe('∑ Ensemble', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('is made from the CodeLens above its key, shown, listed, read back and deleted', async () => {
    const document = await openConfig('few.train.yaml', TINY);
    const lens = await lensOf(document, '∑ Ensemble');
    assert.match(document.lineAt(lens.range.start.line).text, /^ensemble:/);
    const ensemble = (await press(document, '∑ Ensemble')) as Ensemble;
    assert.ok(app.making.desk.panels.at(ensemble), 'its view is open');
    await ensemble.job?.done;
    assert.equal(ensemble.phase, 'completed', ensemble.message ?? '');
    const { rows, members, finished } = ensemble.state;
    assert.deepEqual(
      rows.map(({ method, combine }) => [method, combine]),
      [
        ['single', null],
        ['inits', 'average'],
      ],
    );
    assert.equal(rows[1]!.alone.length, 2);
    assert.equal(members.size, 2);
    const item = app.making.desk.tree.getTreeItem(ensemble);
    assert.match(String(item.description), /accuracy [01]\.\d{3}$/);
    assert.equal(item.contextValue, 'ensemble.over');
    assert.deepEqual(app.store.of(document.uri), [], 'members are no runs of the config');

    // As another window finds it.
    const others = new EnsembleStore(app.store, '');
    await others.folders.watchBeside(document.uri);
    const [read] = others.of(document.uri);
    assert.deepEqual(read?.state.rows, rows);
    assert.deepEqual(read?.state.finished?.best, finished!.best);
    assert.deepEqual(read?.state.inputs, ensemble.state.inputs);
    await others.dispose();

    await app.making.open(ensemble, [2]);
    const run = members.get(2)!.run;
    assert.ok(app.dashboards.at(join(run!, '..')), 'the run of a member is in a dashboard');

    answerDialog('Delete');
    await vscode.commands.executeCommand('trainscope.deleteEnsemble', ensemble);
    assert.equal(existsSync(ensemble.folder), false);
    assert.equal(app.making.desk.panels.at(ensemble), undefined);
  });

  it('stops when it is told to: nothing is compared, and its runs can be looked at', async () => {
    const long = TINY.replace('epochs: 2', 'epochs: 100000');
    const document = await openConfig('long.train.yaml', long);
    const ensemble = (await vscode.commands.executeCommand(
      'trainscope.compareEnsembles',
      document.uri,
    )) as Ensemble;
    await until('it trains', () => ensemble.phase === 'training');
    await press(document, '◼ Stop ensemble');
    await ensemble.job?.done;
    assert.equal(ensemble.phase, 'stopped');
    assert.equal(ensemble.message, null);
    assert.deepEqual(ensemble.state.rows, []);
    assert.ok(existsSync(join(ensemble.folder, 'members')));
    assert.equal(existsSync(join(ensemble.folder, 'ensemble.json')), false);
    const copy = await withoutConfig(ensemble);
    await app.ensembles.folders.watch(dirname(copy));
    const told = answerDialog(undefined, 'showErrorMessage');
    await app.making.desk.command(app.ensembles.get(copy)!, 'openConfig');
    assert.match(String((await told)[0]), /long\.train\.yaml is not there any more/);
  });

  it('goes on where it was stopped, also one that another window has left', async () => {
    const long = TINY.replace('epochs: 2', 'epochs: 100000');
    const document = await openConfig('going.train.yaml', long);
    const ensemble = (await press(document, '∑ Ensemble')) as Ensemble;
    await until('it trains', () => ensemble.phase === 'training');
    await press(document, '◼ Stop ensemble');
    await ensemble.job?.done;
    assert.equal(app.making.desk.tree.getTreeItem(ensemble).contextValue, 'ensemble.stopped');
    const others = new EnsembleStore(app.store, '');
    await others.folders.watchBeside(document.uri);
    const [read] = others.of(document.uri);
    assert.deepEqual([read?.folder, read?.canGoOn], [ensemble.folder, true]);
    await others.dispose();

    const share = ensemble.share;
    assert.equal(await press(document, '▶ Resume ensemble'), ensemble, 'it is not refused');
    await until('it trains on', () => ensemble.phase === 'training' && ensemble.share > share);
    assert.equal(ensemble.canGoOn, false);
    await vscode.commands.executeCommand('trainscope.stopEnsemble', ensemble);
    await ensemble.job?.done;
    assert.equal(ensemble.message, null);
    answerDialog('Delete');
    await vscode.commands.executeCommand('trainscope.deleteEnsemble', ensemble);
    assert.equal(existsSync(ensemble.folder), false);
  });

  it('says at its key why there can be none', async () => {
    const text = TINY.replace('inits, size: 2', 'monteCarloDropout');
    const document = await openConfig('none.train.yaml', text);
    assert.equal(await vscode.commands.executeCommand('trainscope.ensemble', document.uri), null);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.match(problem!.message, /needs dropout/);
    assert.equal(document.getText(problem!.range), 'monteCarloDropout');
  });
});
