import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digitsFolder, trainscope } from './cli.ts';

interface Bad {
  name: string;
  /** Changes the config of the digits. */
  edit?: (text: string) => string;
  set?: string;
  message: RegExp;
  path?: (string | number)[];
  /** The text that line and column point at. */
  at?: string;
}

const bad: Bad[] = [
  { name: 'an empty file', edit: () => '', message: /empty/, path: [] },
  { name: 'broken YAML', edit: (text) => `${text}\n  : [`, message: /./, path: [] },
  {
    name: 'an unknown key',
    edit: (text) => text.replace('epochs:', 'epoch:'),
    message: /epochs/,
    path: ['training', 'epoch'],
    at: 'epoch:',
  },
  {
    name: 'a wrong type',
    edit: (text) => text.replace('momentum: 0.9', 'momentum: much'),
    message: /much/,
    path: ['optimizer', 'momentum'],
    at: 'much',
  },
  {
    name: 'NaN where a number must be',
    edit: (text) => text.replace('learningRate: 0.05', 'learningRate: .nan'),
    message: /./,
    path: ['optimizer', 'learningRate'],
    at: '.nan',
  },
  {
    name: 'a missing data file',
    edit: (text) => text.replace('source: digits.csv', 'source: numbers.csv'),
    message: /numbers\.csv/,
    path: ['data', 'source'],
    at: 'numbers.csv',
  },
  {
    name: 'a label that no column has',
    edit: (text) => text.replace('label: digit', 'label: number'),
    message: /number/,
    path: ['data', 'label'],
    at: 'number ',
  },
  {
    name: 'layers that end in the wrong shape',
    edit: (text) => text.replace('dense: 10 ', 'dense: 7 '),
    message: /ends in 7 outputs.*10 classes/,
    path: ['model', 'layers', 2],
  },
  {
    name: 'an absurd size',
    edit: (text) => text.replace('dense: 100', 'dense: 100000000'),
    message: /GiB/,
    path: ['model', 'layers', 0],
  },
  {
    name: 'a wrong override',
    set: 'optimizer.learningRate=-1',
    message: /^--set optimizer\.learningRate=-1: /,
    path: ['optimizer', 'learningRate'],
  },
  { name: 'an override without a value', set: 'optimizer', message: /expected path=value/ },
  { name: 'an override of no key', set: 'optimizer.speed=1', message: /speed/ },
];

describe.each(['train', 'lint'])('%s', (verb) => {
  it.each(bad)('refuses $name', async ({ edit, set, message, path, at }) => {
    const folder = await digitsFolder();
    const file = join(folder, 'digits.train.yaml');
    const text = await readFile(file, 'utf8').then(edit ?? ((same: string) => same));
    await writeFile(file, text);
    const args = [verb, 'digits.train.yaml', '--json', ...(set ? ['--set', set] : [])];
    const { code, lines, stderr } = await trainscope(folder, ...args);
    expect(code).toBe(2);
    expect(stderr).toBe('');
    expect(lines()).toHaveLength(1);
    const [error] = lines() as [Record<string, unknown>];
    expect(error).toMatchObject({ type: 'error', message: expect.stringMatching(message) });
    if (path) expect(error).toMatchObject({ file: 'digits.train.yaml', path });
    if (at) {
      const line = text.split('\n')[(error.line as number) - 1]!;
      expect(line.slice((error.column as number) - 1)).toMatch(new RegExp(`^${at}`));
    }
    expect(existsSync(join(folder, '.trainscope'))).toBe(false);
  });

  it('refuses a file that is no config, for people too', async () => {
    const folder = await digitsFolder();
    await mkdir(join(folder, 'folder'));
    await writeFile(join(folder, 'latin1.train.yaml'), Buffer.from([0x64, 0xe4, 0x3a, 0x31]));
    const file = join(folder, 'digits.train.yaml');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('tanh', 'relu').replace('0.9', '9'),
    );
    const refusals: [config: string, message: RegExp][] = [
      ['none at all.train.yaml', /^none at all\.train\.yaml: There is no such file\.\n$/],
      ['folder', /^folder: This is a folder/],
      ['latin1.train.yaml', /UTF-8/],
      ['digits.train.yaml', /^digits\.train\.yaml:\d+:\d+: .*momentum.*\n$/],
    ];
    for (const [config, message] of refusals) {
      const { code, stdout, stderr } = await trainscope(folder, verb, config);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(message);
    }
  });
});

it('refuses usage that it does not know', async () => {
  const folder = await digitsFolder();
  for (const args of [['fly'], ['train'], [], ['train', 'digits.train.yaml', '--fast']]) {
    const { code, lines } = await trainscope(folder, ...args, '--json');
    expect(code).toBe(2);
    expect(lines()).toMatchObject([{ type: 'error' }]);
  }
  expect((await trainscope(folder, 'fly')).stderr).toMatch(/unknown command 'fly'/);
});

it('says so when a run cannot be saved', async () => {
  const folder = await digitsFolder();
  await writeFile(join(folder, '.trainscope'), 'in the way');
  const { code, lines } = await trainscope(folder, 'train', 'digits.train.yaml', '--json');
  expect(code).toBe(2);
  expect(lines()).toMatchObject([
    { type: 'error', message: expect.stringContaining('cannot be saved') },
  ]);
});

describe('lint', () => {
  it('finds nothing in the digits, and writes nothing', async () => {
    const folder = await digitsFolder();
    const json = await trainscope(folder, 'lint', 'digits.train.yaml', '--json');
    expect(json).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const human = await trainscope(folder, 'lint', 'digits.train.yaml');
    expect(human.stdout).toBe('digits.train.yaml: no problems. 8×8×1 → 10, 7,510 parameters\n');
    expect(existsSync(join(folder, '.trainscope'))).toBe(false);
  });

  it('tells findings at their key, for programs and for people; an error is exit code 1', async () => {
    const folder = await digitsFolder();
    const set = ['--set', 'optimizer.learningRate=1e6'];
    const json = await trainscope(folder, 'lint', 'digits.train.yaml', ...set, '--json');
    expect(json.code).toBe(1);
    expect(json.lines()).toMatchObject([
      {
        type: 'finding',
        rule: 'suspicious-learning-rate',
        severity: 'error',
        path: ['optimizer', 'learningRate'],
        file: 'digits.train.yaml',
        line: 22,
        column: 3,
      },
    ]);
    const { message } = json.lines()[0]!;
    const human = await trainscope(folder, 'lint', 'digits.train.yaml', ...set);
    expect(human.code).toBe(1);
    expect(human.stdout.split('\n')).toEqual([
      `digits.train.yaml:22:3 error ${message} (suspicious-learning-rate)`,
      'digits.train.yaml: 1 error. 8×8×1 → 10, 7,510 parameters',
      '',
    ]);
  });

  it('tells every problem of a config', async () => {
    const folder = await digitsFolder();
    const file = join(folder, 'digits.train.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace('epochs:', 'epoch:').replace('momentum: 0.9', 'momentum: 2'),
    );
    const { code, lines } = await trainscope(folder, 'lint', 'digits.train.yaml', '--json');
    expect(code).toBe(2);
    expect(lines().map(({ path }) => path)).toEqual([
      ['optimizer', 'momentum'],
      ['training', 'epoch'],
    ]);
  });
});
