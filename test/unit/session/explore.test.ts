import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { encodeEvent } from '../../../core/events/codec.ts';
import { UserError } from '../../../core/events/user-error.ts';
import type { ClassPredictions, Query } from '../../../core/inspection/explorer/protocol.ts';
import { listCheckpoints } from '../../../core/runs/checkpoint-folder.ts';
import { takeOwnership } from '../../../core/runs/owner.ts';
import { frame } from '../../../core/runs/tfrecord.ts';
import { openExplorer } from '../../../core/session/explore.ts';
import { type ExplorerHandle, launchExplorer } from '../../../core/session/launch-explorer.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { open, trained } from './explored-runs.ts';
import { SPIRAL, workerFile } from './runs.ts';

const BLOBS = `data: { source: blobs, examples: 400, validation: 0.25 }
model:
  layers: [dense: 8, batchNorm, relu, dropout: 0.2, dense: 3]
training: { epochs: 3, batchSize: 32, seed: 3, ema: 0.9, checkpoint: { keep: 100 } }
`;

/** What went wrong, and where. */
async function refusalOf(work: Promise<unknown>): Promise<UserError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof UserError) return error;
  throw error ?? new Error('It worked.');
}

describe('an explorer is in the state that its run was judged in', () => {
  it.each([
    ['running averages, batchNorm and dropout', BLOBS],
    ['principal axes', BLOBS.replace('examples: 400', 'examples: 400, preprocess: [whiten]')],
    ['nothing special', SPIRAL],
    [
      'one output',
      BLOBS.replace('blobs', 'moons').replace('dense: 3', 'dense: 1') +
        'loss: binaryCrossEntropy\n',
    ],
  ])('with %s', async (_name, config) => {
    const { run, finished } = await trained(config);
    const { explorer, checkpoint } = await open(run);
    const found = explorer.answer({ type: 'predictions', part: 'validation' }) as ClassPredictions;
    expect(checkpoint).toMatchObject({ epoch: finished.epochs, step: null });
    expect(checkpoint.validation).toEqual(finished.validation);
    expect(found.accuracy).toBe(finished.validation!.accuracy);
    const loss = found.loss.reduce((sum, value) => sum + value, 0) / found.loss.length;
    expect(loss).toBeCloseTo(finished.validation!.loss, 5);
  });

  it('with values to predict', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i / 10},${Math.cos(i)},${3 * i - 20}`);
    const { run, finished } = await trained(
      `data: { source: points.csv, label: y, task: regression, targets: standardize }
model: { layers: [dense: 8, tanh, dense: 1] }
training: { epochs: 2 }
`,
      { 'points.csv': ['a,b,y', ...rows].join('\n') },
    );
    const { explorer } = await open(run);
    const found = explorer.answer({ type: 'predictions', part: 'validation' });
    if (found.task !== 'regression') throw new Error('These are values.');
    const squares = found.targets.map((target, i) => (target - found.outputs[i]) ** 2);
    const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length;
    expect(Math.sqrt(mean)).toBeCloseTo(finished.validation!.rmse!, 3);
  });
});

describe('a checkpoint is chosen', () => {
  it('by being the best, the latest, or by its name', async () => {
    // Too high a rate: it does not get better each epoch. Each epoch is kept, however short it is.
    const { run, finished } = await trained(
      BLOBS.replace('epochs: 3', 'epochs: 2').replace(
        'training',
        'optimizer: { type: sgd, learningRate: 3 }\ntraining',
      ),
    );
    const latest = await open(run);
    expect(latest.checkpoint.name).toBe(latest.checkpoints.at(-1)!.name);
    const best = await open(run, { checkpoint: 'best' });
    const isKept = latest.checkpoints.some(({ epoch }) => epoch === finished.best!.epoch);
    expect(isKept).toBe(true);
    expect(best.checkpoint.epoch).toBe(finished.best!.epoch);
    for (const { name } of latest.checkpoints) {
      const named = await open(run, { checkpoint: name });
      expect(named.checkpoint.name).toBe(name);
    }
    const gone = await refusalOf(open(run, { checkpoint: 'epoch-099.safetensors' }));
    expect(gone.message).toContain('holds no checkpoint epoch-099.safetensors any more');
    const outside = await refusalOf(open(run, { checkpoint: '../config.yaml' }));
    expect(outside.message).toContain('holds no checkpoint ../config.yaml');
  });
});

describe('there is nothing to explore', () => {
  const CSV = `data: { source: points.csv, label: y }
model: { layers: [dense: 2] }
training: { epochs: 1 }
`;
  const rows = Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 3},${i % 2}`);
  const files = { 'points.csv': ['a,b,y', ...rows].join('\n') };
  const lastOf = async (run: string) =>
    join(run, 'checkpoints', (await listCheckpoints(run)).at(-1)!.name);

  it.each<
    [name: string, damage: (run: string, folder: string) => Promise<unknown>, message: string]
  >([
    [
      'where a run ended early',
      (run) => rm(join(run, 'checkpoints'), { recursive: true }),
      'holds no checkpoint: it ended before its first one',
    ],
    [
      'before the first checkpoint',
      async (run) => {
        await rm(join(run, 'checkpoints'), { recursive: true });
        takeOwnership(run);
      },
      'holds no checkpoint yet: wait for its first one',
    ],
    ['where there is no run', (run) => rm(run, { recursive: true }), 'is not the folder of a run'],
    ['without a config', (run) => rm(join(run, 'config.yaml')), 'cannot be read any more'],
    [
      'with a config that cannot be read',
      (run) => writeFile(join(run, 'config.yaml'), 'model: ['),
      'cannot be read any more',
    ],
    [
      'of a newer version',
      async (run) => {
        const started = { type: 'started', formatVersion: 99 } as never;
        await writeFile(join(run, 'events.log'), frame(encodeEvent(started)));
      },
      'was written by a newer Trainscope',
    ],
    [
      'of a newer checkpoint',
      async (run) => {
        const file = await lastOf(run);
        const bytes = await readFile(file, 'latin1');
        await writeFile(file, bytes.replace('\\"version\\":1', '\\"version\\":9'), 'latin1');
      },
      'was written by a newer Trainscope',
    ],
    [
      'of a damaged checkpoint',
      async (run) => writeFile(await lastOf(run), 'nothing'),
      'is no whole checkpoint',
    ],
    [
      'of another network',
      async (run) => {
        const other = await trained(CSV.replace('dense: 2', 'dense: 3, dense: 2'), files);
        await copyFile(await lastOf(other.run), await lastOf(run));
      },
      'does not fit this run: its model.layers.0.weights is 2×3, not 2×2. Choose another one.',
    ],
    [
      'where data are missing',
      (_run, folder) => rm(join(folder, 'points.csv')),
      'There is no file "points.csv"',
    ],
    [
      'where data have changed',
      (_run, folder) =>
        writeFile(join(folder, 'points.csv'), files['points.csv'].replace('4,1,0', '4,2,0')),
      'The data have changed since this run was trained',
    ],
  ])('%s', async (_name, damage, message) => {
    const { run, folder } = await trained(CSV, files);
    expect((await open(run)).explorer.facts.examples.train).toBe(32);
    await damage(run, folder);
    const refusal = await refusalOf(open(run));
    expect(refusal.message).toContain(message);
    expect(refusal.place.file).toMatch(/events\.log$|config\.yaml$|safetensors$|-spiral$/);
  });

  it('where it lies outside of an untrusted workspace', async () => {
    const { run, folder } = await trained(CSV, files);
    const inside = await open(run, { readableRoots: [folder] });
    expect(inside.explorer.facts.inputShape).toEqual([2]);
    const elsewhere = await refusalOf(open(run, { readableRoots: [join(run, 'tensorboard')] }));
    expect(elsewhere.message).toContain('lies outside the workspace');
  });

  it('where there is no memory for it', async () => {
    const { run } = await trained(SPIRAL);
    const host = { reserve: async () => 'There is no room.', poll: () => {} };
    const request = { run, checkpoint: 'best', readableRoots: null };
    const refusal = await refusalOf(openExplorer(request, host));
    expect(refusal.message).toBe('There is no room.');
    expect(refusal.place).toMatchObject({
      file: join(run, 'config.yaml'),
      path: ['model', 'layers'],
    });
  });
});

describe('an explorer in a worker thread', () => {
  function launched(run: string, budget = new MemoryBudget(2 ** 32)): ExplorerHandle {
    const request = { run, checkpoint: 'best', readableRoots: null };
    const handle = launchExplorer(request, { workerFile, budget });
    onTestFinished(() => handle.dispose());
    return handle;
  }
  const tsne = {
    type: 'embedding',
    part: 'train',
    layer: 1,
    method: 'tsne',
    examples: 1000,
  } as const;

  it('answers as one in this thread', async () => {
    const { run } = await trained(BLOBS);
    const { explorer } = await open(run, { checkpoint: 'best' });
    const handle = launched(run);
    const { facts, checkpoint, checkpoints } = await handle.opened;
    expect(facts).toEqual(explorer.facts);
    expect(checkpoints).toEqual(await listCheckpoints(run));
    expect(checkpoints.map(({ name }) => name)).toContain(checkpoint.name);
    const example = { part: 'train', index: 3 } as const;
    const queries: Query[] = [
      { type: 'predictions', part: 'train' },
      { type: 'example', example },
      { type: 'featureMaps', example, layers: [0, 2] },
      { type: 'images', part: 'validation', indices: [1, 2] },
      { type: 'saliency', example, output: 1, smooth: { samples: 10, noise: 0.1 } },
      { type: 'unit', example, layer: 1, unit: 2, rule: 'guided' },
      { ...tsne, examples: 50 },
    ];
    const answers = await Promise.all(queries.map((query) => handle.ask(query)));
    expect(answers).toEqual(queries.map((query) => explorer.answer(query)));
    const fool = handle.ask({ type: 'fool', example, epsilon: 1, steps: 1, target: null });
    expect((await refusalOf(fool)).message).toContain('This needs images');
    expect(await handle.ask(queries[1])).toEqual(answers[1]);
  });

  it('leaves a question that is no longer wanted, and answers the others', async () => {
    const { run } = await trained(BLOBS.replace('examples: 400', 'examples: 2000'));
    const handle = launched(run);
    await handle.opened;
    const shares: number[] = [];
    const [active, waiting] = [new AbortController(), new AbortController()];
    const first = handle.ask(tsne, {
      signal: active.signal,
      onProgress: (share) => {
        shares.push(share);
        active.abort(new Error('left'));
      },
    });
    const second = handle.ask(tsne, { signal: waiting.signal });
    const third = handle.ask({ type: 'example', example: { part: 'train', index: 0 } });
    const neverBegun = expect(second).rejects.toThrow('never begun');
    waiting.abort(new Error('never begun'));
    await neverBegun;
    await expect(first).rejects.toThrow('left');
    expect((await third).label).toBeTypeOf('number');
    expect(shares).toHaveLength(1);
    expect(shares[0]).toBeLessThan(1);
    const late = handle.ask(tsne, { signal: AbortSignal.abort(new Error('too late')) });
    await expect(late).rejects.toThrow('too late');
  });

  it('gives its memory back, and rejects what is open', async () => {
    const { run } = await trained(BLOBS);
    const budget = new MemoryBudget(2 ** 32);
    const handle = launched(run, budget);
    await handle.opened;
    expect(budget.inUse).toBeGreaterThan(0);
    const open = expect(handle.ask(tsne)).rejects.toThrow('closed');
    await handle.dispose();
    await open;
    await expect(handle.ask(tsne)).rejects.toThrow('closed');
    expect(budget.inUse).toBe(0);
    const early = launched(run, budget);
    await early.dispose();
    await expect(early.opened).rejects.toThrow('closed');
  });

  it('says why there is none', async () => {
    const { run } = await trained(BLOBS);
    const small = launched(run, new MemoryBudget(1000));
    expect((await refusalOf(small.opened)).message).toContain('the limit is');
    await rename(run, `${run}-gone`);
    const missing = launched(run);
    const refused = [missing.ask(tsne), missing.opened].map(refusalOf);
    for (const { message } of await Promise.all(refused))
      expect(message).toContain('is not the folder of a run');
  });
});
