import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Encoder } from 'cbor-x/index-no-eval';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { LAYER_NUMBERS, layerTable } from '../../../core/inspection/layer-table.ts';
import { LOG_FILE, RunLogWriter } from '../../../core/runs/index.ts';
import { readRun } from '../../../core/runs/read-run.ts';
import { frame } from '../../../core/runs/tfrecord.ts';
import { activity, distributions, finished, started, steps, weights } from '../runs/events.ts';
import { digitsFolder, trainscope } from './cli.ts';

/** Writes a run of these events; the folder that it was trained in, and its name. */
function written(...events: RunEvent[]): { cwd: string; run: string; log: string } {
  const cwd = mkdtempSync(join(tmpdir(), 'inspect żółw-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const writer = new RunLogWriter(join(cwd, '.trainscope', 'runs'), '');
  for (const event of [started(), ...events]) writer.append(event);
  writer.close();
  return { cwd, run: basename(writer.folder), log: join(writer.folder, LOG_FILE) };
}

const epochOf10 = steps(
  1,
  Array.from({ length: 10 }, () => 1),
);
const inspected: RunEvent[] = [
  distributions(0),
  weights(0),
  distributions(5, { batch: 'training' }),
  epochOf10,
  distributions(10),
  activity(10),
  weights(10),
  finished(),
];

const typesOf = (lines: Record<string, unknown>[]) => lines.map(({ type }) => type);
const ofType = (lines: Record<string, unknown>[], type: string) =>
  lines.filter((line) => line.type === type);

it('tells all of a run of the digits: for programs every value once, for people a table', async () => {
  const folder = await digitsFolder();
  await trainscope(folder, 'train', 'digits.train.yaml', '--set', 'training.epochs=2');
  const [run] = await readdir(join(folder, '.trainscope', 'runs'));
  const json = await trainscope(folder, 'inspect', run!, '--json');
  expect(json).toMatchObject({ code: 0, stderr: '' });
  const lines = json.lines();
  const path = join('.trainscope', 'runs', run!);
  const { history } = await readRun(join(folder, path));
  const { distributions, activity } = history.inspected;

  const moments = [0, 1, 2, 4, 8, 16, 23, 46];
  expect(lines[0]).toMatchObject({ type: 'run', name: 'digits', state: 'completed', step: 46 });
  expect((lines[0]!.moments as { step: number }[]).map(({ step }) => step)).toEqual(moments);
  const tables = distributions.events.map((event) => [
    ...layerTable(history.started!.plan, event, activity.before(event.step)),
  ]);
  const told = ofType(lines, 'layer').map((line) =>
    LAYER_NUMBERS.map((name) => Number(line[name])),
  );
  expect(told.flat()).toEqual(tables.flat());

  const measured = ofType(lines, 'distribution');
  expect(new Set(measured.map(({ tensor }) => tensor)).size).toBe(6);
  for (const line of measured) {
    const { edges, counts } = line.histogram as { edges: number[]; counts: number[] };
    expect(edges).toHaveLength(counts.length + 1);
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    expect(counts.reduce((a, b) => a + b)).toBe(line.count);
  }
  // Nothing has been updated before the first step.
  expect(measured.some(({ step, tensor }) => step === 0 && tensor === 'update')).toBe(false);
  expect(ofType(lines, 'activity').map(({ step, layer }) => [step, layer])).toEqual([
    [23, 'relu 1'],
    [46, 'relu 1'],
  ]);
  expect(ofType(lines, 'weights')[0]).toMatchObject({ parameter: 'model.layers.0.weights' });
  expect('values' in ofType(lines, 'weights')[0]!).toBe(false);

  const human = await trainscope(folder, 'inspect', path);
  expect(human).toMatchObject({ code: 0, stderr: '' });
  const rows = human.stdout.split('\n');
  expect(rows[0]).toBe('digits · completed · 46 steps');
  expect(rows[1]).toBe('measured on the probe after 46 steps (epoch 2)');
  expect(rows[3]).toMatch(
    /^layer +shape +mean +std +zero % +saturated % +dead % +grad std +update:weight$/,
  );
  expect(rows[4]).toMatch(/^input +8×8×1 +\S+ +\S+ +\S+ +– +– +– +–$/);
  expect(rows[6]).toMatch(/^relu 1 +100 +0\.\d+ +[\d.]+ +\d+\.\d +– +\d+\.\d +[\d.e-]+ +–$/);
  expect(new Set(rows.slice(3, 8).map(({ length }) => length)).size).toBe(1);
  expect(human.stdout).toContain('There are 8 moments, from step 0 to 46');
});

describe('trainscope inspect', () => {
  it('tells of one moment what was known then', async () => {
    const { cwd, run } = written(...inspected);
    const at = (...args: string[]) => trainscope(cwd, 'inspect', run, '--json', ...args);
    const [start, last] = await Promise.all([at('--step', '0'), at('--last')]);
    expect(typesOf(start.lines())).toEqual([
      'run',
      ...Array.from({ length: 2 }, () => 'layer'),
      ...Array.from({ length: 9 }, () => 'distribution'),
      'weights',
    ]);
    expect(ofType(start.lines(), 'weights')[0]).toMatchObject({ step: 0 });
    expect(ofType(last.lines(), 'distribution')[0]).toEqual({
      type: 'distribution',
      step: 10,
      epoch: 1,
      batch: 'probe',
      tensor: 'input',
      layer: 'input',
      path: null,
      count: 3,
      nan: 0,
      infinite: 0,
      mean: 0.5,
      std: 1.08,
      min: -1,
      max: 1.5,
      norm: 2.06,
      zero: 0,
      saturated: 'NaN',
      histogram: { edges: expect.any(Array), counts: expect.any(Array) },
    });
    expect(ofType(last.lines(), 'activity')).toEqual([
      {
        type: 'activity',
        step: 10,
        epoch: 1,
        layer: 'dense 1',
        path: ['model', 'layers', 0],
        dead: { fraction: 0.2, units: [0, 9] },
        active: [0, 0.0039, 1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0],
      },
    ]);
    const batch = await trainscope(cwd, 'inspect', run, '--step', '5');
    expect(batch.stdout).toContain('measured on the batch of that step after 5 steps (epoch 0.5)');
  });

  it('tells of one layer alone, by label or path, with the values of its weights', async () => {
    const { cwd, run } = written(...inspected);
    const at = (...args: string[]) => trainscope(cwd, 'inspect', run, ...args);
    const [input, layer] = await Promise.all([
      at('--json', '--last', '--layer', 'input'),
      at('--json', '--last', '--layer', 'model.layers.0', '--values'),
    ]);
    expect(typesOf(input.lines())).toEqual(['run', 'layer', 'distribution']);
    expect(ofType(layer.lines(), 'distribution').map(({ tensor }) => tensor)).toEqual([
      'activation',
      'activationGradient',
      ...['parameter', 'parameterGradient', 'update'],
      ...['parameter', 'parameterGradient', 'update'],
    ]);
    expect(ofType(layer.lines(), 'weights')).toEqual([
      {
        type: 'weights',
        step: 10,
        epoch: 1,
        layer: 'dense 1',
        path: ['model', 'layers', 0],
        parameter: 'model.layers.0.biases',
        shape: [10],
        values: [1, expect.closeTo(-0.5, 4), 0, 'NaN', 0, 0, 0, 0, 0, 0],
      },
    ]);
    const table = (await at('--layer', 'dense 1')).stdout;
    expect(table).toMatch(/^dense 1 /m);
    expect(table).not.toMatch(/^input /m);
  });

  it('tells how smooth the first layer is, where its weights are images', async () => {
    // 640 weights of [8 × 8 pixels × 10 units]: all alike.
    const first = { parameter: 0, codes: new Int16Array(640).fill(9) };
    const { cwd, run } = written(weights(0, first), weights(0), epochOf10, weights(10, first));
    const lines = ofType((await trainscope(cwd, 'inspect', run, '--json')).lines(), 'weights');
    const told = lines.map(({ parameter, step, smoothness, verdict }) => [
      ...[parameter, step, smoothness, verdict],
    ]);
    expect(told).toEqual([
      ['model.layers.0.weights', 0, 1, null],
      ['model.layers.0.weights', 10, 1, 'smooth'],
      ['model.layers.0.biases', 0, undefined, undefined],
    ]);
  });

  it('shows what is not finite, and long names cut', async () => {
    const { plan } = started();
    const label = 'a layer with quite a long name 1';
    const long = { ...plan, layers: plan.layers.map((layer) => ({ ...layer, label })) };
    const broken = distributions(0);
    // The activation has no finite value; a quarter of its gradient is not.
    broken.statistics.set([0, 2, 1, ...Array.from({ length: 7 }, () => Number.NaN)], 10);
    broken.statistics.set([3, 0, 1], 20);
    const { cwd, run } = written(started({ plan: long }), broken);
    const { stdout } = await trainscope(cwd, 'inspect', run);
    expect(stdout).toMatch(/NaN\/∞ % +grad std +grad NaN\/∞ % +update:weight/);
    expect(stdout).toMatch(
      /^a layer with quite a lo… +10 +– +– +– +– +– +100\.0 +1\.08 +25\.0 +1$/m,
    );
  });

  it('says so where nothing was measured', async () => {
    const { cwd, run } = written(epochOf10, finished());
    const human = await trainscope(cwd, 'inspect', run);
    expect(human).toMatchObject({ code: 0, stderr: '' });
    expect(human.stdout).toBe(
      'digits · completed · 10 steps\nNothing was measured inside this network.\n',
    );
    const json = await trainscope(cwd, 'inspect', run, '--json', '--last');
    expect(json.code).toBe(0);
    expect(json.lines()).toMatchObject([{ type: 'run', moments: [] }]);
  });

  it('reads a log that is cut off as far as it goes', async () => {
    const { cwd, run, log } = written(...inspected);
    truncateSync(log, readFileSync(log).length - 3);
    const { code, lines } = await trainscope(cwd, 'inspect', run, '--json');
    expect(code).toBe(0);
    expect(lines()[0]).toMatchObject({ state: 'interrupted' });
  });

  it('tells what can be read of a damaged log, and that it is damaged', async () => {
    const { cwd, run, log } = written(...inspected);
    const bytes = readFileSync(log);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(log, bytes);
    const json = await trainscope(cwd, 'inspect', run, '--json');
    expect(json.code).toBe(2);
    expect(ofType(json.lines(), 'distribution')).not.toEqual([]);
    expect(json.lines().at(-1)).toMatchObject({
      type: 'error',
      message: expect.stringMatching(/damaged at byte \d+/),
      file: log,
    });
    const human = await trainscope(cwd, 'inspect', run);
    expect(human).toMatchObject({ code: 2, stderr: expect.stringMatching(/damaged at byte/) });
    expect(human.stdout).toMatch(/^dense 1 /m);
  });

  it('refuses what it cannot read or does not know', async () => {
    const { cwd, run, log } = written(...inspected);
    const runs = join(cwd, '.trainscope', 'runs');
    const encoder = new Encoder({ useRecords: false, tagUint8Array: true });
    const logs: [name: string, bytes: Uint8Array][] = [
      ['newer', frame(encoder.encode({ ...started(), formatVersion: 2 }))],
      ['garbage', new Uint8Array(100).fill(7)],
      ['empty', new Uint8Array(0)],
      [
        'other',
        Buffer.concat([readFileSync(log), frame(encoder.encode(weights(11, { parameter: 7 })))]),
      ],
    ];
    for (const [name, bytes] of logs) {
      mkdirSync(join(runs, name));
      writeFileSync(join(runs, name, LOG_FILE), bytes);
    }
    const refused: [args: string[], message: RegExp][] = [
      [['none'], /none is not the folder of a run: it holds no events\.log/],
      [['.'], /is not the folder of a run/],
      [['newer'], /newer Trainscope \(log format 2/],
      [['garbage'], /damaged at byte 0/],
      [['empty'], /The log of empty is empty/],
      [['other'], /damaged: at step 11 it tells of 10 values of parameter set 7/],
      [[run, '--step', '7'], /nothing was measured then; the nearest moments are at 5 and 10/],
      [[run, '--step', '70'], /the nearest moment is at 10/],
      [[run, '--step', '-1'], /expected how many steps/],
      [[run, '--step', '5', '--last'], /cannot be used with/],
      [[run, '--layer', 'dense 2'], /no such layer\. This network has input, dense 1\./],
    ];
    for (const [args, message] of refused) {
      const { code, lines } = await trainscope(cwd, 'inspect', ...args, '--json');
      expect(code, args.join(' ')).toBe(2);
      expect(lines(), args.join(' ')).toMatchObject([
        { type: 'error', message: expect.stringMatching(message) },
      ]);
    }
    const values = await trainscope(cwd, 'inspect', run, '--values');
    expect(values).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/--json/) });
  }, 60_000);
});
