import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { openConfig, start, trainscope, until, watchThreads } from './workbench.ts';

/** How many of each kind hold this process open: timers, watchers, threads, open files. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo())
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Runs last: nothing of the extension is there any more afterwards. */
describe('deactivation', () => {
  it('ends the workers of running trainings, and leaves no thread, timer, watcher or handle', async () => {
    const app = await trainscope();
    const before = resources();
    const threads = watchThreads();
    const first = await start('last.train.yaml');
    const second = await start('very last.train.yaml');
    // A look at data and a check are under way, too.
    await openConfig('looked at.train.yaml', 'data: { source: digits.csv, label: digit }\n');
    assert.ok(threads.alive().length >= 2, 'no worker was seen at all');

    const main = require(app.context.asAbsolutePath('dist/extension.js')) as {
      deactivate(): Promise<void>;
    };
    await main.deactivate();
    threads.dispose();
    assert.deepEqual(threads.alive(), []);
    // The editor has timers and sockets of its own, which come and go: ours would stay.
    const left = () =>
      [...resources()]
        .filter(([name, count]) => count > (before.get(name) ?? 0))
        .map(([name, count]) => `${count} ${name}, before ${before.get(name) ?? 0}`);
    await until('nothing is left', () => left().length === 0, 5000).catch(() => {
      assert.deepEqual(left(), []);
    });
    // Their logs are closed, not cut off: the runs are told as stopped.
    assert.equal(first.summary.state, 'stopped');
    assert.equal(second.summary.state, 'stopped');
    const commands = await vscode.commands.getCommands(true);
    assert.deepEqual(commands.includes('trainscope.train'), false);
  });
});
