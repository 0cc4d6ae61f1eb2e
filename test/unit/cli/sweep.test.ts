import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { start, told, trainscope } from './cli.ts';

const CONFIG = `data: { source: spiral, examples: 200 }
model: { layers: [dense: 12, relu, dense: 3] }
optimizer: { type: sgd, momentum: 0.9 }
training: { epochs: 4, batchSize: 32 }
sweep:
  parameters:
    optimizer.learningRate: { log: [1e-4, 1e+4] }
    model.layers.0.dense: { int: [4, 20] }
  stages: [{ trials: 6, epochs: 2 }, { trials: 3, epochs: 4 }]
  stopping: asha
`;

async function folderWith(config = CONFIG): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope sweep żółw-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'spiral.train.yaml'), config);
  return folder;
}

const sweepIn = (folder: string, ...args: string[]) =>
  trainscope(folder, 'sweep', 'spiral.train.yaml', ...args);

/** What does not depend on when and where. */
const found = (lines: Record<string, unknown>[]) =>
  lines
    .filter(({ type }) => type === 'trial')
    .map(({ run: _run, message: _message, ...trial }) => trial)
    .sort((a, b) => Number(a.number) - Number(b.number));

async function onlySweep(folder: string): Promise<string> {
  const [name, ...others] = await readdir(join(folder, '.trainscope', 'sweeps'));
  expect(others).toEqual([]);
  return name!;
}

/** Several processes with several trainings each, on a machine that may be busy. */
const LONG = { timeout: 120_000 };

describe('trainscope sweep', LONG, () => {
  let once: Promise<Record<string, unknown>[]> | null = null;
  /** A sweep that nothing interrupts; several tests look at it. */
  const whole = () => (once ??= sweepOnce());

  async function sweepOnce() {
    const folder = await folderWith();
    const result = await sweepIn(folder, '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    // Its trials are runs like others.
    const { run } = result.lines().at(-1) as { run: string };
    const [trial] = await readdir(join(run, 'runs'));
    const report = await trainscope(folder, 'report', join(run, 'runs', trial!), '--json');
    expect(report).toMatchObject({ code: 0, stderr: '' });
    return result.lines();
  }

  it('tells a line a trial, and the best at the end', async () => {
    const lines = await whole();
    const trials = lines.filter(({ type }) => type === 'trial');
    expect(trials).toHaveLength(9);
    expect(lines).toHaveLength(10);
    for (const trial of trials) {
      expect(Object.keys(trial)).toEqual(
        expect.arrayContaining(['number', 'stage', 'parameters', 'state', 'validation', 'epochs']),
      );
      const { 'optimizer.learningRate': rate, 'model.layers.0.dense': units } =
        trial.parameters as { [key: string]: number };
      expect(rate! >= 1e-4 && rate! <= 1e4).toBe(true);
      expect(Number.isInteger(units) && units! >= 4 && units! <= 20).toBe(true);
    }
    const last = lines.at(-1)!;
    expect(last).toMatchObject({ type: 'sweep', trials: 9 });
    const best = last.best as { number: number; validation: { accuracy: number } };
    expect(trials.find(({ number }) => number === best.number)!.validation).toEqual(
      best.validation,
    );
    // A rate of thousands explodes: that trial is given up.
    const states = new Set(trials.map(({ state }) => state));
    expect(states).toEqual(new Set(['completed', 'stopped']));
    const findings = last.findings as { rule: string; path: unknown }[];
    expect(findings.find(({ rule }) => rule === 'sweep-too-few-trials')).toMatchObject({
      rule: 'sweep-too-few-trials',
      path: ['sweep', 'stages', 0, 'trials'],
    });
  });

  it('goes on after it was killed, and after it was interrupted, without repeating or losing a trial', async () => {
    const folder = await folderWith();
    const first = start(folder, ['sweep', 'spiral.train.yaml', '--json']);
    await told(first.child, /"number":\d[\s\S]*"number":\d/);
    first.child.kill('SIGKILL');
    const { lines: before } = await first.result;
    const sweep = await onlySweep(folder);
    const second = start(folder, ['sweep', 'spiral.train.yaml', '--json', '--resume', sweep]);
    await told(second.child, /(?:"type":"trial"[\s\S]*){4}/);
    // A second owner is refused while the first one lives.
    const other = await sweepIn(folder, '--resume', sweep);
    if (second.child.exitCode === null) {
      expect(other.code).toBe(2);
      expect(other.stderr).toContain('is going on in another process');
    }
    second.child.kill('SIGINT');
    const interrupted = await second.result;
    expect([0, 130]).toContain(interrupted.code);
    const third = await sweepIn(folder, '--json', '--resume', sweep);
    expect(third.code).toBe(0);
    expect(found(third.lines())).toEqual(found(await whole()));
    const wholeBefore = before().filter(({ type }) => type === 'trial');
    expect(third.lines().slice(0, wholeBefore.length)).toEqual(wholeBefore);
    const runs = await readdir(join(folder, '.trainscope', 'sweeps', sweep, 'runs'));
    expect(runs.filter((name) => !name.startsWith('.'))).toHaveLength(9);
  });

  it('shows people the ranges before the next stage, which they may change', async () => {
    const folder = await folderWith();
    const first = await sweepIn(folder, '--stage', '1');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('2 keys · 6 trials of 2 epochs, then 3 trials of 4 epochs');
    expect(first.stdout).toMatch(/trial \d · [\d.]+ % · optimizer\.learningRate/);
    expect(first.stdout).toContain('Next, stage 2: 3 trials of 4 epochs, in the ranges');
    expect(first.stdout).toMatch(/★ best/);
    const again = ['--resume', await onlySweep(folder)];
    const second = await sweepIn(
      folder,
      ...again,
      '--narrow',
      'optimizer.learningRate=1e-2..1e-1',
      '--json',
    );
    expect(second.code).toBe(0);
    for (const { stage, number, parameters } of found(second.lines())) {
      if (stage !== 2 || number === 7) continue;
      const rate = Number((parameters as { [key: string]: number })['optimizer.learningRate']);
      expect(rate >= 1e-2 && rate <= 1e-1).toBe(true);
    }
  });
});

describe('bad input', LONG, () => {
  it.each<[name: string, args: string[], message: string]>([
    [
      'unknown path',
      ['--set', 'sweep={parameters: {optimizer.rate: {log: [1, 2]}}}'],
      'There is no key "rate" in optimizer',
    ],
    [
      'reversed range',
      ['--set', 'sweep={parameters: {optimizer.learningRate: {log: [2, 1]}}}'],
      'is reversed',
    ],
    ['no such sweep', ['--resume', 'nothing'], 'nothing is not the folder of a sweep'],
    [
      'resume with other values',
      ['--resume', 'x', '--set', 'training.seed=3'],
      'cannot be combined with --resume',
    ],
    ['a stage that is none', ['--stage', 'two'], '--stage two: expected the number'],
    [
      'a key that is not searched',
      ['--narrow', 'training.epochs=1..2'],
      'expected a key that is searched (optimizer.learningRate, model.layers.0.dense)',
    ],
    [
      'beyond the range',
      ['--narrow', 'optimizer.learningRate=1e-5..1'],
      'must lie within that of the config',
    ],
    ['half a range', ['--narrow', 'model.layers.0.dense=4.5..6'], 'whole numbers'],
  ])('%s', async (_name, args, message) => {
    const folder = await folderWith();
    const result = await sweepIn(folder, ...args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(existsSync(join(folder, '.trainscope'))).toBe(false);
  });

  it('lint tells what is wrong with the ranges', async () => {
    const folder = await folderWith(CONFIG.replace('log: [1e-4, 1e+4]', 'uniform: [1e-4, 1]'));
    const result = await trainscope(folder, 'lint', 'spiral.train.yaml', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const found = result.lines().filter(({ rule }) => String(rule).startsWith('sweep-'));
    expect(found.map(({ rule, line }) => [rule, line])).toEqual([
      ['sweep-linear-range', 7],
      ['sweep-too-few-trials', 9],
    ]);
  });

  it('a config without a sweep says what to add', async () => {
    const folder = await folderWith(CONFIG.slice(0, CONFIG.indexOf('sweep:')));
    const result = await sweepIn(folder, '--json');
    expect(result.code).toBe(2);
    expect(result.lines()[0]).toMatchObject({ type: 'error', file: 'spiral.train.yaml' });
    expect(result.lines()[0]!.message).toContain('optimizer.learningRate: { log: [1e-6, 1] }');
  });

  it('a trial that cannot be trained is one failed trial', async () => {
    const parameters = 'model.layers.0.dense: {choice: [4, 400000000]}';
    const folder = await folderWith();
    const result = await sweepIn(
      folder,
      '--json',
      '--set',
      `sweep={parameters: {${parameters}}, stages: [{trials: 4, epochs: 1}]}`,
    );
    const trials = found(result.lines());
    expect(trials).toHaveLength(4);
    for (const { state, parameters } of trials) {
      const units = (parameters as { [key: string]: number })['model.layers.0.dense'];
      expect(state).toBe(units === 4 ? 'completed' : 'failed');
    }
    expect(await readFile(join(folder, 'spiral.train.yaml'), 'utf8')).toBe(CONFIG);
  });
});
