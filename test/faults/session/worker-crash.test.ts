import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { readRunLog } from '../../../core/runs/log-reader.ts';
import { hasLiveOwner } from '../../../core/runs/owner.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { bundle } from '../../unit/session/bundle.ts';
import { launch, lossBits, requestOf, SPIRAL, until } from '../../unit/session/runs.ts';

const LONG = SPIRAL.replace('epochs: 5', 'epochs: 1000000');

async function crashing(way: string): Promise<string> {
  const entry = { worker: 'test/faults/session/crash-worker.ts' };
  return join(await bundle(entry, { WAY: JSON.stringify(way) }), 'worker.js');
}

const WAYS: [way: string, message: string][] = [
  ['throw', 'a screw came loose'],
  ['reject', 'a promise was not kept'],
  ['exit', 'exit code 7'],
  ['memory', 'more than the 512 MiB of working memory'],
];
const workers = new Map<string, string>();
for (const way of [...WAYS.map(([name]) => name), 'early']) workers.set(way, await crashing(way));

describe('a worker that breaks down', () => {
  it.each(WAYS)('fails its own run and nothing else: %s', async (way, message) => {
    const budget = new MemoryBudget(2 ** 32);
    const neighbor = launch(await requestOf(LONG), { budget });
    const { run, events } = launch(await requestOf(LONG), {
      budget,
      workerFile: workers.get(way)!,
    });
    const folder = await run.folder;
    const finished = await run.done;

    expect(finished).toMatchObject({ reason: 'failed', run: folder });
    expect(finished.message).toContain(message);
    expect(finished.epochs).toBeGreaterThan(0);
    expect(finished.train!.loss).toBeGreaterThan(0);
    expect(events.at(-1)).toEqual(finished);
    await expect(run.pause()).rejects.toThrow('over');

    const logged: RunEvent[] = [];
    const { damage } = await readRunLog(join(folder, 'events.log'), (batch) =>
      logged.push(...batch),
    );
    expect(damage).toBeNull();
    expect(logged.at(-1)).toEqual(finished);
    // The second before the crash may be lost, what was written before not.
    expect(logged[0]).toEqual(events[0]);
    expect(hasLiveOwner(folder)).toBe(false);

    const before = lossBits(neighbor.events).length;
    await until(() => lossBits(neighbor.events).length > before, 'the other run');
    await neighbor.run.stop();
    expect((await neighbor.run.done).reason).toBe('stopped');
    expect(budget.inUse).toBe(0);
  });

  it('rejects when there is no run yet', async () => {
    const request = await requestOf(LONG);
    const { run } = launch(request, { workerFile: workers.get('early')! });
    await expect(run.done).rejects.toThrow('exit code 7');
    await expect(run.folder).rejects.toThrow('exit code 7');
  });

  it('rejects when there is no worker', async () => {
    const request = await requestOf(LONG);
    const { run } = launch(request, { workerFile: join(request.configFile, 'none.js') });
    await expect(run.done).rejects.toThrow(/broke down/);
    expect(await readdir(join(request.configFile, '..'))).toEqual(['spiral.train.yaml']);
  });
});
