import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { CheckpointEvent } from '../../../core/events/run-event.ts';
import { Checkpoints, type Snapshot } from '../../../core/session/checkpoints.ts';

const STEPS = 10;

/** A training without a network: its validation loss an epoch, and what is kept of it. */
async function keeper(
  losses: number[],
  policy: { every: number; keep: number; always?: number[] },
  pauseMs = 0,
) {
  const run = await mkdtemp(join(tmpdir(), 'checkpoints-'));
  onTestFinished(() => rm(run, { recursive: true, force: true }));
  const events: CheckpointEvent[] = [];
  let step = 0;
  let epoch = 0;
  const bestEpoch = () => losses.slice(0, epoch).indexOf(Math.min(...losses.slice(0, epoch))) + 1;
  const take = (): Snapshot => ({
    tensors: [{ name: 'step', shape: [1], values: Float32Array.of(step) }],
    state: {
      epoch,
      time: step,
      position: {
        step,
        cost: 0,
        dataLoss: 0,
        weight: 0,
        totals: { right: 0, squares: 0, examples: 0 },
      },
      learningRate: 1,
      schedule: null,
      earlyStop: null,
      kernels: 'simd',
      data: '',
      train: null,
      validation:
        epoch === 0 ? null : { loss: losses[epoch - 1]!, accuracy: 0, rmse: null, r2: null },
      best: epoch === 0 ? null : { epoch: bestEpoch(), validation: null as never },
    },
  });
  const checkpoints = new Checkpoints(
    run,
    { ...policy, stepsPerEpoch: STEPS },
    -1,
    take,
    (event) => events.push(event),
    pauseMs,
  );
  return {
    run,
    events,
    checkpoints,
    files: async () => (await readdir(join(run, 'checkpoints'))).sort(),
    /** Trains an epoch; the disk has time to write, however long that takes. */
    async epoch(): Promise<void> {
      epoch++;
      step += STEPS;
      checkpoints.epochEnded(epoch, bestEpoch() === epoch);
      await checkpoints.settled();
    },
    steps(count: number): void {
      step += count;
    },
  };
}

test('the latest and the best are kept', async () => {
  const one = await keeper([5, 3, 4, 4.5, 6, 7], { every: 1, keep: 2 });
  for (let i = 0; i < 6; i++) await one.epoch();
  await one.checkpoints.finish(true);
  expect(await one.files()).toEqual([
    'epoch-002-loss-3.000.safetensors',
    'epoch-005-loss-6.000.safetensors',
    'epoch-006-loss-7.000.safetensors',
  ]);
  expect(one.events.map(({ epoch, step, score }) => [epoch, step, score])).toEqual([
    [1, 10, 5],
    [2, 20, 3],
    [3, 30, 4],
    [4, 40, 4.5],
    [5, 50, 6],
    [6, 60, 7],
  ]);
});

test('between those that are due comes the best, and at the end the last', async () => {
  const one = await keeper([5, 3, 4, 4.5, 6], { every: 3, keep: 9 });
  for (let i = 0; i < 5; i++) await one.epoch();
  one.steps(3);
  await one.checkpoints.finish(true);
  expect(await one.files()).toEqual([
    'epoch-001-loss-5.000.safetensors',
    'epoch-002-loss-3.000.safetensors',
    'epoch-003-loss-4.000.safetensors',
    'epoch-005-step-000053.safetensors',
  ]);
  expect(one.events.at(-1)).toEqual({
    type: 'checkpoint',
    file: 'checkpoints/epoch-005-step-000053.safetensors',
    epoch: 5,
    step: 53,
    time: 53,
    score: null,
  });
});

test('short epochs share a checkpoint, and the best of them is not lost', async () => {
  const one = await keeper([5, 3, 2, 4, 6], { every: 1, keep: 1 }, 60_000);
  for (let i = 0; i < 5; i++) await one.epoch();
  expect(await one.files()).toEqual(['epoch-001-loss-5.000.safetensors']);
  await one.checkpoints.finish(true);
  expect(await one.files()).toEqual([
    'epoch-003-loss-2.000.safetensors',
    'epoch-005-loss-6.000.safetensors',
  ]);
});

test.each([0, 60_000])(
  'what is to stay is written at once or later, and stays (%d ms)',
  async (ms) => {
    const one = await keeper([5, 6, 4, 7, 8, 9], { every: 9, keep: 1, always: [2, 4] }, ms);
    for (let i = 0; i < 6; i++) await one.epoch();
    await one.checkpoints.finish(true);
    const files = await one.files();
    expect(files.filter((name) => !name.includes('001'))).toEqual([
      'epoch-002-loss-6.000.safetensors',
      'epoch-003-loss-4.000.safetensors',
      'epoch-004-loss-7.000.safetensors',
      'epoch-006-loss-9.000.safetensors',
    ]);
  },
);

test('without `last`, what was not due is not written', async () => {
  const one = await keeper([5, 6], { every: 1, keep: 1 }, 60_000);
  for (let i = 0; i < 2; i++) await one.epoch();
  await one.checkpoints.finish(false);
  expect(await one.files()).toEqual(['epoch-001-loss-5.000.safetensors']);
});

test('what a dying process left is swept away', async () => {
  const one = await keeper([5], { every: 1, keep: 1 });
  await mkdir(join(one.run, 'checkpoints'));
  await writeFile(join(one.run, 'checkpoints', '.unfinished-epoch-001.safetensors'), 'half');
  await one.epoch();
  expect(await one.files()).toEqual(['epoch-001-loss-5.000.safetensors']);
});

test('a disk that does not take it is told at the next epoch, or at the end', async () => {
  const one = await keeper([5, 4, 3], { every: 1, keep: 1 });
  await writeFile(join(one.run, 'checkpoints'), 'a file stands in the way');
  await one.epoch();
  const message = /cannot be saved in .*epoch-001-loss-5\.000\.safetensors: a file stands/;
  await expect(one.epoch()).rejects.toThrow(message);
  await expect(one.checkpoints.finish(true)).rejects.toThrow(message);
  expect(one.events).toEqual([]);
});
