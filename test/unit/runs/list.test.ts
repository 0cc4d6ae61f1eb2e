import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deleteRun, LOG_FILE, listRun, listRuns, RunLogWriter } from '../../../core/runs/index.ts';
import { epoch, finished, ratios, started, steps } from './events.ts';
import { temporaryRunsFolder } from './temporary.ts';

function writer(runs: string, startedAt: number, name = 'digits'): RunLogWriter {
  const log = new RunLogWriter(runs, 'a: 1\n');
  onTestFinished(() => log.close());
  log.append(started({ startedAt, name }));
  return log;
}

test('runs are listed newest first, with their last numbers', async () => {
  const runs = temporaryRunsFolder();
  expect(await listRuns(runs)).toEqual([]);
  const old = writer(runs, 1e12, 'old');
  for (let first = 1; first <= 2000; first += 10) {
    old.append(steps(first, [5, 4, 3, 3, 3, 2, 2, 2, 1, 1], 0.1));
    old.append(ratios([first], [0.1, 0.2]));
  }
  old.append(epoch(1));
  old.append(epoch(2));
  old.append(finished({ step: 2000, epochs: 2 }));
  old.close();
  const live = writer(runs, 2e12, 'live');
  live.append(steps(1, [3, 2]));
  live.append({ type: 'control', action: 'pause', step: 2, time: 20 });
  live.flush();
  mkdirSync(join(runs, 'not-a-run'));
  writeFileSync(join(runs, 'file.txt'), '');

  const [first, second, ...others] = await listRuns(runs);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    name: 'live',
    state: 'paused',
    startedAt: 2e12,
    step: 2,
    epoch: 0,
  });
  expect(second).toMatchObject({
    id: '20010909-014640-old',
    folder: old.folder,
    name: 'old',
    config: 'digits.train.yaml',
    state: 'completed',
    epochs: 20,
    epoch: 2,
    step: 2000,
    train: epoch(2).train,
    validation: epoch(2).validation,
    problem: null,
  });
  expect(second?.outline.map(({ type }) => type)).toEqual([
    'started',
    'steps',
    'epoch',
    'epoch',
    'finished',
  ]);
  const files = readdirSync(old.folder, { withFileTypes: true, recursive: true });
  const sizes = files.map((file) =>
    file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0,
  );
  expect(second?.bytes).toBe(sizes.reduce((a, b) => a + b));
});

test('a log that cannot be read is still listed, with the reason, and can be deleted', async () => {
  const runs = temporaryRunsFolder();
  const log = writer(runs, 1e12);
  log.close();
  writeFileSync(join(log.folder, LOG_FILE), 'not a log at all');
  expect(await listRuns(runs)).toMatchObject([
    {
      state: 'interrupted',
      name: log.folder.slice(-22),
      startedAt: statSync(join(log.folder, LOG_FILE)).mtimeMs,
    },
  ]);
  await deleteRun(log.folder);
  expect(await listRuns(runs)).toEqual([]);
});

test('deleting: not while it trains, not what is no run, and then without a trace', async () => {
  const runs = temporaryRunsFolder();
  const log = writer(runs, 1e12);
  await expect(deleteRun(log.folder)).rejects.toThrow('still training. Stop it, then delete it.');
  await expect(deleteRun(runs)).rejects.toThrow('is not the folder of a run');
  log.close();
  await deleteRun(log.folder);
  expect(readdirSync(runs)).toEqual([]);
  expect(await listRun(log.folder)).toBeNull();
});

test('what a process left half-made is never listed, and swept when it is old', async () => {
  const runs = temporaryRunsFolder();
  const left = join(runs, '.new-1-1');
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, LOG_FILE), '');
  expect(await listRuns(runs)).toEqual([]);
  writer(runs, 1e12);
  expect(existsSync(left)).toBe(true);
  utimesSync(left, 0, 0);
  writer(runs, 1e12);
  expect(existsSync(left)).toBe(false);
});

test('hundreds of runs are listed', async () => {
  const runs = temporaryRunsFolder();
  for (let i = 0; i < 200; i++) {
    const log = new RunLogWriter(runs, '');
    log.append(started({ startedAt: 1e12 + 1000 * i }));
    log.append(steps(1, [1, 2, 3]));
    log.append(finished());
    log.close();
  }
  const listed = await listRuns(runs);
  expect(listed).toHaveLength(200);
  expect(listed.every(({ state }) => state === 'completed')).toBe(true);
  expect(listed.map(({ startedAt }) => startedAt)).toEqual(
    listed.map(({ startedAt }) => startedAt).sort((a, b) => b - a),
  );
});
