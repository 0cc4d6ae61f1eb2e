import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ALL_CHECKS } from '../../../core/sanity/checks/index.ts';
import { digitsFolder, start, told, trainscope } from './cli.ts';

const BAD = `data: { source: blobs, examples: 200 }
model:
  layers: [dense: 20, tanh, dense: 3]
  init: { normal: 500 }
`;

describe('trainscope check', () => {
  it('tells each check as a line of JSON, and leaves nothing behind', async () => {
    const folder = await digitsFolder();
    const { code, stderr, lines } = await trainscope(
      folder,
      'check',
      'digits.train.yaml',
      '--json',
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lines().map(({ check }) => check)).toEqual(ALL_CHECKS.map(({ id }) => id));
    for (const line of lines()) {
      expect(line).toMatchObject({ type: 'check', file: 'digits.train.yaml' });
      expect(['pass', 'skip']).toContain(line.status);
    }
    const activations = lines().find(({ check }) => check === 'activation-statistics')!;
    const { layers } = activations.evidence as { layers: object[] };
    expect(layers.map((row) => Object.values(row).slice(0, 2))).toEqual([
      ['dense 1', 'dense'],
      ['relu 1', 'relu'],
      ['dense 2', 'dense'],
    ]);
  });

  it('tells people what it saw', async () => {
    const folder = await digitsFolder();
    const text =
      'data: { source: blobs, examples: 200 }\nmodel: { layers: [dense: 8, relu, dense: 3] }\n';
    await writeFile(join(folder, 'small.train.yaml'), text);
    const { stdout } = await trainscope(folder, 'check', 'small.train.yaml');
    expect(stdout).toMatch(/✓ initial-loss: The first loss is \d\.\d+/);
    expect(stdout).toMatch(/relu 1 +\d\.\d+ +\d\.\d+ +\d+\.\d % /);
    expect(stdout).toMatch(/small\.train\.yaml: 11 checks, 0 failed, \d warning/);
  });

  it('exits with 1 when a check fails, and says where and what may help', async () => {
    const folder = await digitsFolder();
    await writeFile(join(folder, 'bad.train.yaml'), BAD);
    const { code, stdout } = await trainscope(folder, 'check', 'bad.train.yaml');
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ activation-statistics: .*saturated/);
    expect(stdout).toMatch(/bad\.train\.yaml:4:9\n {4}→ Use the init xavier/);
    const json = await trainscope(folder, 'check', 'bad.train.yaml', '--json');
    expect(json.code).toBe(1);
    expect(json.lines().find(({ check }) => check === 'activation-statistics')).toMatchObject({
      status: 'fail',
      path: ['model', 'init'],
      line: 4,
      column: 9,
      fixes: [{ edits: [{ path: ['model', 'init'], value: 'xavier' }] }],
    });
  });

  it('tells what is to blame for bad input, with exit code 2', async () => {
    const folder = await digitsFolder();
    const { code, lines } = await trainscope(
      folder,
      'check',
      'digits.train.yaml',
      '--set',
      'data.source=absent.csv',
      '--json',
    );
    expect(code).toBe(2);
    expect(lines()).toEqual([expect.objectContaining({ type: 'error', path: ['data', 'source'] })]);
  });

  it('is ended by Ctrl-C, with exit code 130', async () => {
    const folder = await digitsFolder();
    const { child, result } = start(folder, ['check', 'digits.train.yaml', '--json']);
    await told(child, /input-data/);
    child.kill('SIGINT');
    const { code, lines } = await result;
    expect(code).toBe(130);
    for (const { type } of lines()) expect(type).toBe('check');
  });
});
