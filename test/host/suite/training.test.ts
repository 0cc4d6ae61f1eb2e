import { strict as assert } from 'node:assert';
import { cpSync, existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Run } from '../../../extension/runs/run.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import {
  answerDialog,
  cleanUp,
  codeLenses,
  LONG,
  openConfig,
  openSample,
  press,
  start,
  trainscope,
  until,
} from './workbench.ts';

/** A log that ends in the middle, as a killed process leaves it. */
async function interrupted(finished: Run): Promise<string> {
  const folder = `${finished.folder}-killed`;
  cpSync(finished.folder, folder, { recursive: true });
  const log = join(folder, 'events.log');
  truncateSync(log, Math.floor(statSync(log).size * 0.6));
  return folder;
}

describe('training', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('learns real digits from the CodeLens, with its events on disk', async () => {
    const document = await openSample('digits.train.yaml');
    const run = (await press(document, '▶ Train')) as Run;
    await until('the run ends', () => !run.active, 40_000);
    assert.equal(run.summary.state, 'completed', run.summary.message ?? '');
    assert.ok(run.summary.validationQuality > 0.9, `accuracy ${run.summary.validationQuality}`);
    assert.equal(run.summary.epoch, run.summary.epochs);
    const logged = statSync(join(run.folder, 'events.log')).size;
    assert.ok(logged > 1000);
    await until('its size on disk is known', () => run.size > logged, 1000);
    assert.equal(readFileSync(join(run.folder, 'config.yaml'), 'utf8'), document.getText());
  });

  it('lists a run whose process was killed as interrupted, and reads what it wrote', async () => {
    const finished = app.store.runs.find(({ summary }) => summary.state === 'completed')!;
    const folder = await interrupted(finished);
    await app.store.folders.watch(finished.runsFolder);
    const run = await until('it is listed', () => app.store.get(folder));
    assert.equal(run.summary.state, 'interrupted');
    const history = await app.store.history(run);
    assert.ok(history.step > 0 && history.step < finished.summary.step);
    await app.store.folders.delete(run);
  });

  it('tells when a run ends badly out of sight, and leads to its dashboard', async () => {
    const text = LONG.replace(
      'training:',
      'optimizer: { type: sgd, learningRate: 1e9 }\ntraining:',
    );
    const document = await openConfig('bad.train.yaml', text);
    const asked = answerDialog('Open Dashboard');
    const run = (await press(document, '▶ Train')) as Run;
    const dashboard = app.dashboards.at(run.runsFolder)!;
    // Closed before its page is there: nobody sees the run diverge.
    dashboard.panel.dispose();
    const [message, button] = await asked;
    assert.match(String(message), /^bad diverged: .*(NaN|infinite)/);
    assert.equal(button, 'Open Dashboard');
    assert.equal(run.summary.state, 'diverged');
    const opened = await until('it is open', () => app.dashboards.at(run.runsFolder));
    await until('the run is seen', () => opened.isShowing(run));
  });

  it('pauses, resumes and stops at once', async () => {
    const run = await start('long.train.yaml');
    const times: string[] = [];
    const timed = async (name: string, act: () => Promise<unknown>) => {
      const before = performance.now();
      await act();
      times.push(`${name} ${(performance.now() - before).toFixed(0)} ms`);
    };
    await timed('pause', () => run.handle!.pause());
    await until('it is paused', () => run.summary.state === 'paused');
    const { epoch } = run.summary;
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(run.summary.epoch, epoch, 'it trained on while paused');
    const document = await openSample('long.train.yaml');
    const titles = (await codeLenses(document)).map(({ command }) => command!.title);
    assert.ok(titles.includes('▶ Resume') && titles.includes('◼ Stop'), titles.join());
    await timed('resume', () => run.handle!.resume());
    await until('it trains on', () => run.summary.epoch > epoch);
    await timed('rate', () => run.handle!.setLearningRate(5e-4));
    await until('the new rate holds', () => run.summary.learningRate === 5e-4);
    const { done } = run.handle!;
    await timed('stop', () => run.handle!.stop());
    await done;
    await until('it is stopped', () => run.summary.state === 'stopped');
    console.log(`answered: ${times.join(', ')}`);
  });

  it('trains two configs at once', async () => {
    const [first, second] = [await start('one.train.yaml'), await start('two.train.yaml')];
    const before = [first.summary.epoch, second.summary.epoch];
    await until(
      'both go on',
      () => first.summary.epoch > before[0]! && second.summary.epoch > before[1]!,
    );
    assert.notEqual(first.folder, second.folder);
  });

  it('refuses bad data at its key, and writes nothing', async () => {
    const runs = app.store.runs.length;
    const text = LONG.replace('source: spiral, examples: 600', 'source: absent.csv, label: x');
    const document = await openConfig('refused.train.yaml', text);
    // The notification with its Show stays; the command does not wait for it.
    assert.equal(await press(document, '▶ Train'), null);
    const [problem] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(document.getText(problem!.range), 'absent.csv');
    assert.equal(app.store.runs.length, runs);
  });

  it('refuses what needs more memory than the setting allows', async () => {
    const text = LONG.replace('dense: 32', 'dense: 30000').replace(
      'relu',
      'relu, { dense: 30000 }',
    );
    const document = await openConfig('huge.train.yaml', text);
    const runs = app.store.runs.length;
    assert.equal(await press(document, '▶ Train'), null);
    assert.equal(app.store.runs.length, runs);
  });

  it('deletes a run of the past with its folder, once it is confirmed', async () => {
    const run = await start('gone.train.yaml');
    await run.handle!.stop();
    await until('it is over', () => run.handle === null);
    const ask = async (button: string | undefined) => {
      const asked = answerDialog(button);
      await vscode.commands.executeCommand('trainscope.deleteRun', run);
      const [question, options, ...buttons] = await asked;
      assert.match(String(question), /gone/);
      assert.equal((options as vscode.MessageOptions).modal, true);
      assert.deepEqual(buttons, ['Delete']);
    };
    await ask(undefined);
    assert.equal(existsSync(run.folder), true);
    await ask('Delete');
    assert.equal(existsSync(run.folder), false);
    assert.equal(app.store.get(run.folder), undefined);
  });
});
