import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import type { RunningTrial } from '../../../core/sweep/executor.ts';
import { ThreadExecutor } from '../../../core/sweep/threads.ts';
import { requestOf, SPIRAL, until, workerFile } from '../session/runs.ts';

const LONG = SPIRAL.replace('epochs: 5', 'epochs: 100000');

/** What a run of this size reserves. */
async function bytesOf(configText: string): Promise<number> {
  const budget = new MemoryBudget(2 ** 32);
  const { trial } = await started(configText, budget);
  await until(() => budget.inUse > 0, 'its memory');
  const bytes = budget.inUse;
  trial.stop();
  await trial.done;
  expect(budget.inUse).toBe(0);
  return bytes;
}

/** Trains with this memory, four trials at a time; `opened` has the runs that have begun. */
async function started(configText: string, budget: MemoryBudget) {
  const { configFile, runsFolder } = await requestOf(configText);
  const executor = new ThreadExecutor({ workerFile, budget, maxParallel: 4 });
  onTestFinished(() => executor.dispose());
  const opened: string[] = [];
  const run = (number: number, text = configText): RunningTrial =>
    executor.run(
      {
        ...{ number, name: `trial ${number}`, configFile, configText: text, runsFolder },
        ...{ resume: null, until: null },
      },
      { opened: (folder) => opened.push(folder), epoch: () => {} },
    );
  return { run, opened, trial: run(1) };
}

describe('trials that share their memory with others', () => {
  it('wait for those that have it, and are trained then', async () => {
    const bytes = await bytesOf(LONG);
    const budget = new MemoryBudget(1.5 * bytes);
    const { run, opened, trial } = await started(LONG, budget);
    await until(() => opened.length === 1, 'the first trial');
    const second = run(2, SPIRAL);
    // One that never fits is in nobody's way.
    const large = await run(3, SPIRAL.replace('dense: 20', 'dense: 4000')).done;
    expect(large).toMatchObject({ state: 'failed', epochs: 0 });
    expect(large.message).toMatch(/^This run needs about .* of memory; the limit is .*\. Use/);
    expect(budget.inUse).toBe(bytes);
    expect(opened).toHaveLength(1);
    trial.stop();
    expect(await trial.done).toMatchObject({ state: 'stopped' });
    expect(await second.done).toMatchObject({ state: 'completed', epochs: 5 });
    expect(opened).toHaveLength(2);
    expect(budget.inUse).toBe(0);
  });

  it('are stopped while they wait', async () => {
    const bytes = await bytesOf(LONG);
    const budget = new MemoryBudget(bytes);
    budget.reserve(bytes);
    const { opened, trial } = await started(LONG, budget);
    trial.stop();
    expect(await trial.done).toMatchObject({ state: 'stopped', epochs: 0 });
    expect(opened).toEqual([]);
    expect(budget.inUse).toBe(bytes);
  });

  it('need no budget of their own where nobody shares it', async () => {
    const { configFile, configText, runsFolder } = await requestOf(SPIRAL);
    const executor = new ThreadExecutor({ workerFile });
    onTestFinished(() => executor.dispose());
    const task = { number: 1, name: 'trial 1', configFile, configText, runsFolder };
    const reports = { opened: () => {}, epoch: () => {} };
    const outcome = await executor.run({ ...task, resume: null, until: null }, reports).done;
    expect(outcome).toMatchObject({ state: 'completed', epochs: 5 });
  });
});
