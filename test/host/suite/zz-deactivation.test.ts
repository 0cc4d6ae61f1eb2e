import { strict as assert } from 'node:assert';
import type { Run } from '../../../extension/runs/run.ts';
import { openConfig, press, trainscope, until } from './workbench.ts';

const LONG = `data: { source: spiral }
model:
  layers: [{ dense: 64 }, relu, { dense: 3 }]
training: { epochs: 100000 }
`;

/** Threads and open logs of this process, as Node counts them. */
function resources(): string[] {
  return process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name));
}

/** Runs last: nothing of the extension is there any more afterwards. */
describe('deactivation', () => {
  it('ends the workers of running trainings, and leaves no handle', async () => {
    const app = await trainscope();
    const before = resources().length;
    const first = (await press(await openConfig('last.train.yaml', LONG), '▶ Train')) as Run;
    const second = (await press(await openConfig('very last.train.yaml', LONG), '▶ Train')) as Run;
    await until('both train', () => first.summary.epoch > 0 && second.summary.epoch > 0);
    assert.ok(resources().length > before, 'no worker was seen at all');
    await app.dispose();
    assert.deepEqual(resources().length, before);
    // Their logs are closed, not cut off: the runs are told as stopped.
    assert.equal(first.summary.state, 'stopped');
    assert.equal(second.summary.state, 'stopped');
  });
});
