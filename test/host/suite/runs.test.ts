import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Run } from '../../../extension/runs/run.ts';
import type { Trainscope } from '../../../extension/trainscope.ts';
import {
  cleanUp,
  LONG,
  openConfig,
  press,
  secondRoot,
  start,
  trainscope,
  until,
  watchThreads,
} from './workbench.ts';

/** The command line, as somebody starts it in a terminal of this workspace. */
function trainInTerminal(app: Trainscope, config: vscode.Uri): ChildProcess {
  const cli = app.context.asAbsolutePath('dist/cli.js');
  return spawn(process.execPath, [cli, 'train', config.fsPath, '--json'], {
    stdio: 'ignore',
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
}

describe('runs', () => {
  let app: Trainscope;
  before(async () => {
    app = await trainscope();
  });
  afterEach(cleanUp);

  it('of another process appear while it trains them, and end as it ends', async () => {
    const { uri } = await openConfig('terminal.train.yaml', LONG);
    const terminal = trainInTerminal(app, uri);
    try {
      const run = await until('it is listed', () => app.store.of(uri)[0]);
      await until('its epochs are counted', () => run.summary.epoch > 1);
      assert.equal(run.summary.state, 'training');
      assert.equal(run.handle, null);
      assert.equal(run.viewItem, 'run.elsewhere');
      const { epoch } = run.summary;
      await until('they go on', () => run.summary.epoch > epoch);
      terminal.kill('SIGKILL');
      await until('its end is noticed', () => run.summary.state === 'interrupted');
      assert.equal(run.viewItem, 'run.finished');
      await app.store.folders.delete(run);
    } finally {
      if (terminal.exitCode === null && terminal.signalCode === null) {
        terminal.kill('SIGKILL');
        await once(terminal, 'exit');
      }
    }
  });

  it('go on from their last checkpoint, whole on the dashboard, though their config has changed', async () => {
    const run = await start('again.train.yaml');
    await vscode.commands.executeCommand('trainscope.stop', run);
    await until('it is over', () => run.handle === null);
    assert.equal(run.summary.state, 'stopped');
    assert.equal(run.viewItem, 'run.finished');
    const { step } = run.summary;
    await openConfig('again.train.yaml', LONG.replace('dense: 32', 'dense: 31'));
    const again = await vscode.commands.executeCommand<Run>('trainscope.continueRun', run);
    assert.equal(again, run, 'it is the same run');
    await until('it trains on', () => run.summary.step > step + 100);
    assert.equal(run.summary.state, 'training');
    assert.ok(run.summary.losses.length > step / 15 - 2, 'earlier epochs are there');
    const history = run.history!;
    assert.ok(history.step > step);
    assert.equal(history.loss.length, history.step);
    assert.equal(app.store.of(run.config).length, 1);
    await vscode.commands.executeCommand('trainscope.stop', run);
    await until('it is over', () => run.handle === null);
    const read = await app.store.history(run);
    assert.deepEqual([...read.loss], [...history.loss]);
  });

  it('fail alone when their thread dies, and what is asked of them then is told, not thrown', async () => {
    const neighbor = await start('neighbor.train.yaml');
    const threads = watchThreads();
    const run = await start('killed.train.yaml');
    const [thread, ...others] = await until('one thread is left', () => {
      const alive = threads.alive();
      return alive.length === 1 && alive;
    });
    threads.dispose();
    assert.deepEqual(others, []);
    void thread!.terminate();
    // Too late to be answered.
    const commands = ['trainscope.pause', 'trainscope.stop'];
    await Promise.all(commands.map((id) => vscode.commands.executeCommand(id, run)));
    await until('it is over', () => run.handle === null);
    assert.equal(run.summary.state, 'failed');
    assert.match(run.summary.message ?? '', /ended unexpectedly/);
    const { epoch } = neighbor.summary;
    await until('the other trains on', () => neighbor.summary.epoch > epoch);
    // On disk, too: the log has been given its last record.
    await app.store.folders.watch(run.runsFolder);
    assert.equal(app.store.get(run.folder)?.summary.state, 'failed');
  });

  it('of both folders of a workspace are listed, each beside its config', async () => {
    const first = await start('root one.train.yaml');
    const config = vscode.Uri.joinPath(secondRoot(), 'moons.train.yaml');
    const document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
    const second = (await press(document, '▶ Train')) as Run;
    await until('it is over', () => second.handle === null);
    assert.equal(dirname(dirname(second.runsFolder)), secondRoot().fsPath);
    assert.deepEqual(app.store.of(config), [second]);

    const uri = secondRoot();
    vscode.workspace.updateWorkspaceFolders(1, 1);
    await until('the second folder is gone', () => !app.store.get(second.folder));
    assert.equal(app.store.get(first.folder), first);
    vscode.workspace.updateWorkspaceFolders(1, 0, { uri });
    const back = await until('it is back', () => app.store.get(second.folder));
    assert.equal(back.summary.state, 'completed');
    assert.equal(join(back.folder), second.folder);
  });
});
