import { strict as assert } from 'node:assert';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Sweep } from '../../../extension/sweeps/sweep.ts';
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

const TINY = `# a comment that stays
data: { source: blobs, examples: 120 }
model:
  layers: [dense: 8, relu, dense: 3]
optimizer: { type: sgd, learningRate: 0.5 }
training: { epochs: 4 }
sweep:
  parameters:
    optimizer.learningRate: { log: [1e-3, 1] }
    model.layers.0.dense: { int: [4, 12] }
  stages: [{ trials: 4, epochs: 1 }, { trials: 2, epochs: 2 }]
`;

const LONG = TINY.replace('trials: 4, epochs: 1', 'trials: 200, epochs: 400');

describe('⚙ Sweep', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('searches from the CodeLens above its key; the best values go into the config in one step', async () => {
    const document = await openConfig('tiny.train.yaml', TINY);
    const lens = await lensOf(document, '⚙ Sweep');
    assert.equal(document.lineAt(lens.range.start.line).text, 'sweep:');
    const sweep = (await press(document, '⚙ Sweep')) as Sweep;
    assert.ok(app.sweeping.desk.panels.at(sweep), 'its view is open');
    await sweep.job?.done;
    assert.equal(sweep.phase, 'completed', sweep.message ?? '');
    const trials = sweep.feed!.everything();
    assert.equal(trials.places.length, 6);
    const item = app.sweeping.desk.tree.getTreeItem(sweep);
    assert.match(String(item.description), /^accuracy [01]\.\d{3} · 6\/6 trials$/);
    assert.equal(item.contextValue, 'sweep.finished');

    const { best } = sweep.feed!.facts();
    await app.sweeping.use(sweep, best!.place);
    const { parameters } = sweep.feed!.state.trials.get(best!.place + 1)!.started;
    const text = document.getText();
    assert.ok(text.includes(`learningRate: ${parameters['optimizer.learningRate']}`), text);
    assert.ok(text.includes(`dense: ${parameters['model.layers.0.dense']}`), text);
    assert.ok(text.startsWith('# a comment that stays'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), TINY);

    await app.sweeping.compare(sweep, [0, best!.place]);
    const dashboard = app.dashboards.at(sweep.runsFolder);
    assert.ok(dashboard, 'the runs of the trials are in a dashboard');
    assert.equal(app.store.within(sweep.runsFolder).length, best!.place === 0 ? 1 : 2);
    assert.deepEqual(app.store.of(document.uri), [], 'trials are no runs of the config');

    const [run] = app.store.within(sweep.runsFolder);
    const { epoch } = run!.summary;
    assert.equal(await app.training.prolong(run!, epoch + 2), run);
    await run!.handle?.done;
    assert.equal(run!.summary.epoch, epoch + 2, 'a trial is trained on');
    assert.deepEqual(app.store.runs.includes(run!), false);

    const findings = (await app.findings.look(document)).map(({ finding }) => finding.rule);
    for (const { rule } of sweep.findings) assert.ok(findings.includes(rule), rule);
    assert.ok(findings.includes('sweep-too-few-trials'), findings.join());
  });

  it('is stopped, goes on where it was, and is deleted with the runs of its trials', async () => {
    const document = await openConfig('stopped.train.yaml', LONG);
    const sweep = (await press(document, '⚙ Sweep')) as Sweep;
    await until('a trial runs', () => sweep.feed!.state.trials.size > 0);
    const memory = app.store.memory();
    await until('it has its memory, as all that trains here', () => memory.inUse > 0);
    assert.equal(app.sweeping.desk.tree.getTreeItem(sweep).contextValue, 'sweep.running');
    await press(document, '◼ Stop sweep');
    assert.equal(sweep.phase, 'stopping');
    await sweep.job?.done;
    assert.equal(sweep.phase, 'stopped');
    assert.equal(memory.inUse, 0);
    const before = sweep.feed!.state.trials.size;
    assert.equal(await press(document, '▶ Resume sweep'), sweep, 'it is not refused');
    await until('it is told again', () => sweep.feed!.state.trials.size >= before);
    assert.ok(sweep.job, sweep.message ?? 'it goes on');
    // Nothing else goes on that could be meant.
    await vscode.commands.executeCommand('trainscope.stop');
    await sweep.job?.done;
    const copy = await withoutConfig(sweep);
    await app.sweeps.folders.watch(dirname(copy));
    const told = answerDialog(undefined, 'showErrorMessage');
    await app.sweeping.desk.command(app.sweeps.get(copy)!, 'openConfig');
    assert.match(String((await told)[0]), /stopped\.train\.yaml is not there any more/);
    const asked = answerDialog('Delete');
    await vscode.commands.executeCommand('trainscope.deleteSweep', sweep);
    await asked;
    assert.equal(app.sweeps.get(sweep.folder), undefined);
    await assert.rejects(async () => vscode.workspace.fs.stat(vscode.Uri.file(sweep.folder)));
  });

  it('waits before the next stage where it is to, and begins it in the ranges that it is given', async () => {
    const document = await openConfig('asking.train.yaml', TINY);
    const sweep = (await press(document, '⚙ Sweep')) as Sweep;
    app.sweeps.setAsks(sweep, true);
    const next = await until('it waits', () => sweep.next);
    assert.equal(next.proposal.stage, 2);
    next.begin({ 'optimizer.learningRate': { low: 0.01, high: 0.02 } });
    await sweep.job?.done;
    const [, second] = sweep.feed!.state.stages;
    assert.deepEqual(second!.ranges['optimizer.learningRate'], { low: 0.01, high: 0.02 });
  });

  it('says at its key what keeps a config from being searched', async () => {
    const document = await openConfig('bad.train.yaml', TINY.replace('[1e-3, 1]', '[1, 1e-3]'));
    assert.equal(await vscode.commands.executeCommand('trainscope.sweep', document.uri), null);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.match(problem!.message, /reversed/);
  });
});
