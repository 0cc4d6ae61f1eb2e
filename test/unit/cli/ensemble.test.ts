import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { EnsembleEvent, EnsembleRow } from '../../../core/ensemble/protocol.ts';
import { readRunLog } from '../../../core/runs/log-reader.ts';
import { cliFile, digitsFolder, start, trainscope } from './cli.ts';

interface Trial {
  validation: { accuracy: number };
}

const FEW = ['--set', 'training.epochs=2', '--set', 'ensemble.size=2'];
const ensembles = (folder: string) => join(folder, '.trainscope', 'ensembles');

describe('trainscope ensemble', () => {
  it('tells a line a method as JSON, and keeps members as runs that can be looked at', async () => {
    const folder = await digitsFolder();
    const result = await trainscope(folder, 'ensemble', 'digits.train.yaml', ...FEW, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const lines = result.lines();
    expect(lines.map(({ type }) => type)).toEqual([
      'member',
      'member',
      'ensemble',
      'ensemble',
      'disagreement',
      'ensembles',
    ]);
    expect(lines[3]).toMatchObject({
      type: 'ensemble',
      method: 'inits',
      combine: 'average',
      members: 2,
      validation: { accuracy: expect.any(Number), loss: expect.any(Number) },
      epochs: 4,
    });
    const last = lines.at(-1) as { folder: string };
    expect(join(last.folder, '..')).toBe(ensembles(folder));
    expect(await readFile(join(folder, '.trainscope', '.gitignore'), 'utf8')).toBe('*\n');
    const { run } = lines[0] as { run: string };
    const inspected = await trainscope(folder, 'inspect', run);
    expect(inspected).toMatchObject({ code: 0 });
    expect(inspected.stdout).toContain('dense 1');
  });

  it('tells people, as a table', async () => {
    const folder = await digitsFolder();
    const result = await trainscope(folder, 'ensemble', 'digits.train.yaml', ...FEW, '--compare');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/member 1\/4 \(seed 1\) · 2 epochs · validation [\d.]+ % · loss/);
    expect(result.stdout).toMatch(
      /method +combined by +members +validation +loss +each alone +epochs/,
    );
    expect(result.stdout).toMatch(/inits +average +2 +[\d.]+ % +[\d.]+ +[\d.]+ % ± [\d.]+ +4/);
    expect(result.stdout).toMatch(/checkpoints +parameters +2 +[\d.]+ % +[\d.]+ .* 2\n/);
    expect(result.stdout).toMatch(/Left out: snapshots are taken where the learning rate/);
    expect(result.stdout).toMatch(/The 2 do not agree on \d+ validation examples; most disputed:/);
    expect(result.stdout).toMatch(/example \d+ \(row \d+\): \d; votes: \d ×1, \d ×1/);
    expect(result.stdout).toContain(`Kept in ${ensembles(folder)}`);
    for (const character of ['\x1b', '\r']) expect(result.stdout).not.toContain(character);
  }, 60_000);

  it('takes the best trials of a sweep', async () => {
    const folder = await digitsFolder();
    const search =
      '{ parameters: { optimizer.learningRate: { log: [1e-4, 0.3] } }, stages: [{ trials: 4, epochs: 1 }] }';
    const swept = await trainscope(
      folder,
      ...['sweep', 'digits.train.yaml', '--set', `sweep=${search}`, '--json'],
    );
    const trials = swept.lines().filter(({ type }) => type === 'trial') as unknown as Trial[];
    expect(trials).toHaveLength(4);
    const method = ['--set', 'ensemble={ method: topTrials, size: 2 }'];
    const result = await trainscope(folder, 'ensemble', 'digits.train.yaml', ...method, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [single, both] = result.lines() as unknown as EnsembleRow[];
    expect(both).toMatchObject({ method: 'topTrials', combine: 'average', members: 2, epochs: 2 });
    const best = trials.map(({ validation }) => validation.accuracy).sort((a, b) => b - a);
    expect(single!.validation.accuracy).toBeCloseTo((best[0]! + best[1]!) / 2, 12);
  }, 60_000);

  it.each([
    ['size=1', /--set ensemble\.size=1: size must be .* at least 2/],
    ['method=ema', /--set ensemble\.method=ema: ema needs a run that keeps a running average/],
    ['combine=parameters', /start from different weights/],
  ])('refuses %s, and writes nothing', async (set, message) => {
    const folder = await digitsFolder();
    const args = ['ensemble', 'digits.train.yaml', '--set', `ensemble.${set}`];
    const result = await trainscope(folder, ...args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    const json = await trainscope(folder, ...args, '--json');
    expect(json.lines()).toMatchObject([
      { type: 'error', path: ['ensemble', set.split('=')[0]], file: 'digits.train.yaml' },
    ]);
    expect(await readdir(folder)).not.toContain('.trainscope');
  });

  it('exits with 1 where the training diverges', async () => {
    const folder = await digitsFolder();
    const wild = ['--set', 'optimizer.learningRate=1e12'];
    const result = await trainscope(folder, 'ensemble', 'digits.train.yaml', ...FEW, ...wild);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/none has been trained to its end\. The cost became/);
  });

  it('makes do with those that remain, and tells who does not, and why', async () => {
    const folder = await digitsFolder();
    // One of these rows is far off: a bootstrap sample has it or has it not.
    const rows = Array.from({ length: 40 }, (_, i) => `${i / 40},${i / 20}`);
    await writeFile(join(folder, 'line.csv'), ['x,y', ...rows, '1e25,1'].join('\n'));
    await writeFile(
      join(folder, 'line.train.yaml'),
      `data: { source: line.csv, label: y, task: regression }
model: { layers: [dense: 1] }
optimizer: { type: sgd, learningRate: 0.1 }
training: { epochs: 2, seed: 1 }
ensemble: { method: bootstrap, size: 5 }
`,
    );
    const json = await trainscope(folder, 'ensemble', 'line.train.yaml', '--json');
    expect(json).toMatchObject({ code: 0, stderr: '' });
    const lines = json.lines() as unknown as EnsembleEvent[];
    const failed = lines.filter((line) => line.type === 'member' && line.reason === 'diverged');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(4);
    for (const line of failed)
      expect(line).toMatchObject({ message: expect.stringMatching(/cost/) });
    const numbers = failed.map((line) => line.type === 'member' && line.number).sort();
    expect(lines.at(-1)).toMatchObject({ type: 'ensembles', failed: numbers });
    const told = await trainscope(folder, 'ensemble', 'line.train.yaml');
    expect(told).toMatchObject({ code: 0, stderr: '' });
    // Of a regression the numbers of each that remains.
    expect(told.stdout).toMatch(/they say [-\d.e]+ ± [-\d.e]+ \([-\d.e]+( \| [-\d.e]+)+\)\n/);
    for (const number of numbers)
      expect(told.stdout).toMatch(
        new RegExp(
          `Made without member ${number}/5 \\(seed ${number}, bootstrap\\), which diverged\\.`,
        ),
      );
  }, 60_000);

  it('says that a disk is full, and exits with 2', async () => {
    const folder = await digitsFolder();
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath];
    const large = ['--set', 'model.layers=[dense: 1000, relu, dense: 10]', '--set', 'inspect=none'];
    const args = [cliFile, 'ensemble', 'digits.train.yaml', '--json', ...FEW, ...large];
    const failed = await promisify(execFile)('sh', [...limited, ...args], { cwd: folder }).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(failed).toMatchObject({ code: 2 });
    const lines = failed.stdout.trim().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ type: 'member', reason: 'failed' });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      type: 'error',
      message: expect.stringMatching(/cannot be saved in .*safetensors: the file would grow/),
    });
  }, 60_000);

  it('closes the logs of all members when it is interrupted, and leaves no result', async () => {
    const folder = await digitsFolder();
    const endless = ['--set', 'training.epochs=100000'];
    const { child, result } = start(folder, ['ensemble', 'digits.train.yaml', ...endless]);
    const members = async () => {
      const [name] = await readdir(ensembles(folder)).catch(() => []);
      return name === undefined ? [] : runsIn(join(ensembles(folder), name, 'members'));
    };
    await expect.poll(async () => (await members()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const { code, stderr } = await result;
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping');
    for (const run of await members()) {
      const types: string[] = [];
      const { damage } = await readRunLog(join(run, 'events.log'), (events) =>
        types.push(...events.map(({ type }) => type)),
      );
      expect(damage).toBeNull();
      expect(types.at(-1)).toBe('finished');
    }
    const [name] = await readdir(ensembles(folder));
    expect((await readdir(join(ensembles(folder), name!))).sort()).toEqual([
      'config.yaml',
      'members',
      'under-way.json',
    ]);
  });

  it('goes on where it was interrupted', async () => {
    const folder = await digitsFolder();
    const many = ['--set', 'training.epochs=12', '--set', 'ensemble.size=2'];
    const { child, result } = start(folder, ['ensemble', 'digits.train.yaml', ...many]);
    const begun = async () => {
      const [name] = await readdir(ensembles(folder)).catch(() => []);
      return name === undefined ? [] : runsIn(join(ensembles(folder), name, 'members'));
    };
    await expect.poll(async () => (await begun()).length, { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const { code, stderr } = await result;
    expect(code).toBe(130);
    const [, made] = /goes on with --resume (.*)\n/.exec(stderr)!;
    const args = ['ensemble', 'digits.train.yaml', '--resume', basename(made!), '--json'];
    const done = await trainscope(folder, ...args);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const { type, folder: last } = done.lines().at(-1) as { type: string; folder: string };
    expect([type, last]).toEqual(['ensembles', made]);
    expect(done.lines().filter((line) => line.type === 'ensemble')).toMatchObject([
      { method: 'single', epochs: 12 },
      { method: 'inits', members: 2, epochs: 24 },
    ]);
  }, 60_000);

  it.each([
    [['--resume', 'nowhere'], /nowhere is not the folder of an ensemble that can go on/],
    [['--resume', 'x', '--compare'], /--set and --compare cannot be combined with --resume/],
    [['--resume', 'x', '--set', 'ensemble.size=3'], /cannot be combined with --resume/],
  ])('refuses %j', async (args, message) => {
    const folder = await digitsFolder();
    const result = await trainscope(folder, 'ensemble', 'digits.train.yaml', ...args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
  });
});

async function runsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
}
