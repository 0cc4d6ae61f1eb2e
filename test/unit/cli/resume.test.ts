import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FinishedEvent } from '../../../core/events/run-event.ts';
import { digitsFolder, type Result, start, told, trainscope } from './cli.ts';

const CONFIG = 'digits.train.yaml';
const epochs = (count: number) => ['--set', `training.epochs=${count}`];

/** What it learned, without the times. */
function learned(result: Result) {
  const { train, validation, best, step, reason } = result
    .lines()
    .at(-1) as unknown as FinishedEvent;
  return { train, validation, best, step, reason };
}

describe('trainscope train --resume', () => {
  it.each(['SIGINT', 'SIGKILL'] as const)(
    'goes on after %s as if nothing had been',
    async (signal) => {
      const folder = await digitsFolder();
      const { child, result } = start(folder, ['train', CONFIG, '--json', ...epochs(1_000_000)]);
      await told(child, signal === 'SIGINT' ? /"epoch":3,/ : /"type":"checkpoint"/);
      child.kill(signal);
      const { code, lines } = await result;
      expect(code).toBe(signal === 'SIGINT' ? 130 : null);
      const [run] = await readdir(join(folder, '.trainscope', 'runs'));
      const done = lines().findLast(({ type }) => type === 'epoch')!.epoch as number;

      const args = ['train', CONFIG, '--json', ...epochs(done + 2)];
      const resumed = await trainscope(folder, ...args, '--resume', run!);
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      const [first] = resumed.lines();
      expect(first).toMatchObject({
        type: 'resumed',
        epochs: done + 2,
        changes: [{ path: ['training', 'epochs'], from: 1_000_000, to: done + 2 }],
      });
      const whole = await trainscope(await digitsFolder(), ...args);
      expect(learned(resumed)).toEqual(learned(whole));
    },
  );

  it('tells people where it goes on, and what has changed', async () => {
    const folder = await digitsFolder();
    const schedule = ['--set', 'schedule=cosine'];
    const first = await trainscope(folder, 'train', CONFIG, ...epochs(2), ...schedule);
    expect(first.stdout).toMatch(/epoch 2\/2 .* · rate [\d.e-]+ · /);
    expect(first.stdout).toMatch(
      /Last checkpoint: checkpoints\/epoch-002-loss-[\d.]+\.safetensors/,
    );
    const run = join(
      '.trainscope',
      'runs',
      (await readdir(join(folder, '.trainscope', 'runs')))[0]!,
    );
    const { code, stdout } = await trainscope(
      folder,
      'train',
      CONFIG,
      ...epochs(3),
      '--resume',
      run,
    );
    expect(code).toBe(0);
    expect(stdout).toContain('digits: 8×8×1 → 100 → relu → 10');
    expect(stdout).toContain('goes on after 46 steps (2 of 3 epochs complete)');
    expect(stdout).toContain('changed: schedule.type cosine → constant');
    expect(stdout).toContain('changed: training.epochs 2 → 3');
    expect(stdout).toMatch(/epoch 3\/3/);
    expect(stdout).toMatch(/Trained after 3 epochs, 69 steps/);
  });

  it('says why a run cannot go on', async () => {
    const folder = await digitsFolder();
    await trainscope(folder, 'train', CONFIG, ...epochs(2));
    const [run] = await readdir(join(folder, '.trainscope', 'runs'));
    const resume = (...args: string[]) => trainscope(folder, 'train', CONFIG, '--resume', ...args);
    const batch = ['--set', 'training.batchSize=10', ...epochs(2)];
    expect(await resume(run!, ...batch)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /--set training.batchSize=10: training.batchSize has changed from/,
      ),
    });
    expect(await resume(run!, ...epochs(2))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has completed its 2 epochs/),
    });
    expect(await resume('none')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/none is not the folder of a run/),
    });
  });

  it('ends a training early, and says so', async () => {
    const folder = await digitsFolder();
    const stop = ['--set', 'training.earlyStop={ patience: 2 }', ...epochs(500)];
    const { code, stdout } = await trainscope(folder, 'train', CONFIG, ...stop);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Training was ended early after epoch \d+: .*The best was epoch \d+\./);
  });
});

describe('model.from', () => {
  it('makes a net of 2 classes from one of 10, with its first layers as they are', async () => {
    const folder = await digitsFolder();
    const first = await trainscope(folder, 'train', CONFIG, '--json');
    const { run } = first.lines().at(-1) as unknown as FinishedEvent;
    // 64 pixels and whether the digit is odd.
    const rows = (await readFile(join(folder, 'digits.csv'), 'utf8')).trim().split('\n');
    const column = rows[0]!.split(',').indexOf('digit');
    const odd = rows.slice(1).map((row) => {
      const cells = row.split(',');
      cells[column] = Number(cells[column]) % 2 === 1 ? 'odd' : 'even';
      return cells.join(',');
    });
    await writeFile(join(folder, 'odd.csv'), [rows[0], ...odd].join('\n'));
    const config = (from: string, head = 2) => `data:
  source: odd.csv
  label: digit
  image: { height: 8, width: 8 }
  preprocess: [scale]
model:
  layers: [dense: 100, relu, dense: ${head}]
  from: ${from}
training: { epochs: 6 }
`;
    const name = join('.trainscope', 'runs', basename(run));
    await writeFile(
      join(folder, 'odd.train.yaml'),
      config(`{ checkpoint: "${name}", layers: 2, freeze: 2 }`),
    );
    const tuned = await trainscope(folder, 'train', 'odd.train.yaml', '--json');
    expect(tuned).toMatchObject({ code: 0 });
    const end = tuned.lines().at(-1) as unknown as FinishedEvent;
    expect(end.validation!.accuracy).toBeGreaterThan(0.85);

    const lint = async (text: string) => {
      await writeFile(join(folder, 'odd.train.yaml'), text);
      const { code, stderr } = await trainscope(folder, 'lint', 'odd.train.yaml');
      expect(code).toBe(2);
      return stderr;
    };
    expect(await lint(config(`{ checkpoint: "${name}" }`))).toMatch(
      /odd\.train\.yaml:8:\d+: .* does not fit layer 3: model\.layers\.2\.weights is 100×10 there and 100×2 here/,
    );
    expect(await lint(config('{ checkpoint: nowhere }'))).toMatch(
      /:8:\d+: There is no file "nowhere"/,
    );
    expect(await lint(config('{ checkpoint: odd.csv }'))).toMatch(/:8:\d+: "odd.csv" is no whole/);
    expect(await lint(config('{ checkpoint: . }'))).toMatch(/:8:\d+: "\." holds no checkpoints/);
  });
});
