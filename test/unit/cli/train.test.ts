import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { FinishedEvent } from '../../../core/events/run-event.ts';
import { manifest, projectRoot } from '../../../extension/development/project.ts';
import { cliFile, digitsFolder, onlyLog, start, told, trainscope } from './cli.ts';

const ENDLESS = ['--set', 'training.epochs=1000000'];

const isToldInJson = ({ type }: { type: string }) =>
  !['distributions', 'activity', 'weights'].includes(type);

it('tells its version', async () => {
  const { code, stdout } = await trainscope(projectRoot, '--version');
  expect([code, stdout]).toEqual([0, `${manifest().version}\n`]);
});

describe('trainscope train', () => {
  it('learns digits and tells it as JSON lines', async () => {
    const folder = await digitsFolder();
    const result = await trainscope(folder, 'train', 'digits.train.yaml', '--json');
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const lines = result.lines();
    expect(lines[0]).toMatchObject({
      type: 'started',
      name: 'digits',
      config: 'digits.train.yaml',
    });
    const finished = lines.at(-1) as unknown as FinishedEvent;
    expect(finished).toMatchObject({ type: 'finished', reason: 'completed', findings: [] });
    expect(finished.validation!.accuracy).toBeGreaterThanOrEqual(0.95);
    expect(finished.run.startsWith(join(folder, '.trainscope', 'runs'))).toBe(true);
    const steps = lines.filter(({ type }) => type === 'steps');
    const losses = steps.flatMap(({ loss }) => loss as number[]);
    expect(losses).toHaveLength(finished.step);
    // What is inside the network is in the log alone.
    const logged = await onlyLog(folder);
    expect(logged.filter(isToldInJson)).toHaveLength(lines.length);
    expect(logged.some(({ type }) => type === 'distributions')).toBe(true);
  });

  it('tells people what happens', async () => {
    const folder = await digitsFolder();
    const result = await trainscope(
      folder,
      'train',
      'digits.train.yaml',
      '--set',
      'training.epochs=3',
    );
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('digits: 8×8×1 → 100 → relu → 10 · 7,510 parameters');
    expect(result.stdout).toMatch(/epoch 1\/3 · loss [\d.]+ · validation [\d.]+ · accuracy/);
    expect(result.stdout).toMatch(/┤[⠀-⣿o ]+/);
    expect(result.stdout).toMatch(/Trained after 3 epochs, 69 steps/);
    expect(result.stdout).toContain(`Saved in ${join(folder, '.trainscope', 'runs')}`);
    // No terminal: no colors, no bar.
    for (const character of ['\x1b', '\r']) expect(result.stdout).not.toContain(character);
  });

  it('overrides keys with YAML values; the run keeps the config that it trained', async () => {
    const folder = await digitsFolder();
    const overrides = [
      'model.layers=[dense: 12, tanh, dense: 10]',
      'optimizer.learningRate=1e-3',
      'training={epochs: 2, batchSize: 100}',
    ].flatMap((override) => ['--set', override]);
    const result = await trainscope(folder, 'train', 'digits.train.yaml', ...overrides, '--json');
    expect(result.code).toBe(0);
    const [started] = result.lines();
    expect(started).toMatchObject({ epochs: 2, batchSize: 100, plan: { parameterCount: 910 } });
    expect(result.lines().find(({ type }) => type === 'steps')).toMatchObject({
      learningRate: expect.arrayContaining([1e-3]),
    });
  });

  it('exits with 1 when the cost explodes, and writes NaN as a string', async () => {
    const folder = await digitsFolder();
    const rate = ['--set', 'optimizer.learningRate=1e12'];
    const result = await trainscope(folder, 'train', 'digits.train.yaml', ...rate, '--json');
    expect(result.code).toBe(1);
    const finished = result.lines().at(-1)!;
    expect(finished).toMatchObject({ type: 'finished', reason: 'diverged', epochs: 0 });
    expect(finished.message).toContain('learning rate 1000000000000');
    expect(result.stdout).toMatch(/"(NaN|Infinity)"/);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const folder = await digitsFolder();
    const shell = `"$NODE" "$CLI" train digits.train.yaml --json ${ENDLESS.join(' ')} | head -1`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', shell], {
      cwd: folder,
      env: { ...process.env, NODE: process.execPath, CLI: cliFile },
    });
    expect(JSON.parse(stdout)).toMatchObject({ type: 'started' });
    expect(stderr).toBe('');
    await expect
      .poll(async () => (await onlyLog(folder)).at(-1))
      .toMatchObject({
        type: 'finished',
        reason: 'stopped',
      });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'closes the log at %s and exits with 130',
    async (signal) => {
      const folder = await digitsFolder();
      const { child, result } = start(folder, ['train', 'digits.train.yaml', '--json', ...ENDLESS]);
      await told(child, /"epoch"/);
      child.kill(signal);
      const { code, lines, stderr } = await result;
      expect(code).toBe(130);
      expect(stderr).toBe('');
      const finished = { type: 'finished', reason: 'stopped' };
      expect(lines().at(-1)).toMatchObject(finished);
      const logged = await onlyLog(folder);
      expect(logged.filter(isToldInJson)).toHaveLength(lines().length);
      expect(logged.at(-1)).toMatchObject(finished);
    },
  );

  it('leaves a log that reads up to its last record when it is killed', async () => {
    const folder = await digitsFolder();
    const { child, result } = start(folder, ['train', 'digits.train.yaml', '--json', ...ENDLESS]);
    await told(child, /"epoch":20,/);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    child.kill('SIGKILL');
    expect((await result).code).toBeNull();
    const logged = await onlyLog(folder);
    expect(logged[0]).toMatchObject({ type: 'started' });
    expect(logged.some(({ type }) => type === 'epoch')).toBe(true);
    expect(logged.at(-1)?.type).not.toBe('finished');
  });

  it.each([
    ['a checkpoint', 4000, /cannot be saved in .*safetensors: the file would grow/],
    ['the log', 2, /cannot be saved in .*events/],
  ])('says that a disk is full for %s, and ends the run', async (_, units, message) => {
    const folder = await digitsFolder();
    const limited = ['-c', 'ulimit -f 64; exec "$@"', 'sh', process.execPath];
    const layers = ['--set', `model.layers=[dense: ${units}, relu, dense: 10]`];
    const bare = ['--set', 'inspect=none'];
    const args = [cliFile, 'train', 'digits.train.yaml', '--json', ...layers, ...bare, ...ENDLESS];
    const failed = await promisify(execFile)('sh', [...limited, ...args], {
      cwd: folder,
      maxBuffer: 2 ** 28,
    }).catch((error: { code: number; stdout: string }) => error);
    expect(failed).toMatchObject({ code: 2 });
    const finished = JSON.parse(failed.stdout.trim().split('\n').at(-1)!) as FinishedEvent;
    expect(finished).toMatchObject({ type: 'finished', reason: 'failed' });
    expect(finished.message).toMatch(message);
    expect((await onlyLog(folder))[0]).toMatchObject({ type: 'started' });
  });
});
