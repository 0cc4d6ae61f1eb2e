import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { exact } from '../../../core/report/format.ts';
import { CONFIG_FILE, LOG_FILE, RunLogWriter } from '../../../core/runs/index.ts';
import { epoch, finished, started, steps } from '../runs/events.ts';
import { digitsFolder, trainscope } from './cli.ts';

it('writes a run of the digits with the numbers that inspect tells', async () => {
  const folder = await digitsFolder();
  await trainscope(folder, 'train', 'digits.train.yaml', '--set', 'training.epochs=2');
  const [run] = await readdir(join(folder, '.trainscope', 'runs'));
  const human = await trainscope(folder, 'report', run!);
  expect(human).toMatchObject({ code: 0, stderr: '' });
  const html = readFileSync(join(folder, `${run}.html`), 'utf8');
  expect(human.stdout).toMatch(/\.html · \d+ KB\n$/);
  expect(Buffer.byteLength(html)).toBeLessThan(400_000);
  const lines = (await trainscope(folder, 'inspect', run!, '--json')).lines();
  const layers = lines.filter(({ type }) => type === 'layer');
  // The tables of deviations over time: every moment of every layer.
  for (const [title, name] of [
    ['Activations: standard deviation over time', 'std'],
    ['Gradients: standard deviation over time', 'gradientStd'],
  ]) {
    const [, table = ''] = html.split(`<summary>${title}</summary>`);
    const rows = [...table.split('</table>')[0]!.matchAll(/<tr><th scope="row">(.*?)<\/tr>/g)];
    const told = rows.map(([, row]) => row!.split(/<\/th><td>|<\/td><td>|<\/td>/).slice(0, -1));
    const labels = [...new Set(layers.map(({ layer }) => layer))].slice(1);
    expect(told.map(([label]) => label)).toEqual(labels);
    for (const [label, ...cells] of told) {
      const own = layers.filter(({ layer }) => layer === label);
      expect(cells).toEqual(own.map((line) => exact(Number(line[name!]))));
    }
  }
  const smooth = lines.findLast(({ smoothness }) => smoothness !== undefined)!;
  expect(html).toContain(
    `<b>${smooth.verdict}</b>. Neighbouring weights agree by ${Number(smooth.smoothness).toFixed(2)} `,
  );
  expect(html).toContain('- dense: 100                # 100 units');
});

it('tells what it lacks of a cut or damaged run, and refuses what is none', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'report żółw-'));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const writer = new RunLogWriter(join(cwd, '.trainscope', 'runs'), 'data: {}');
  for (const event of [started(), steps(1, [2, 1]), epoch(1), finished()]) writer.append(event);
  writer.close();
  const run = basename(writer.folder);
  const log = join(writer.folder, LOG_FILE);
  const page = () => readFileSync(join(cwd, 'out put.html'), 'utf8');
  const report = (...more: string[]) =>
    trainscope(cwd, 'report', run, '--out', 'out put.html', '--json', ...more);

  const bytes = readFileSync(log);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(log, bytes);
  const damaged = await report();
  expect(damaged.code).toBe(2);
  const [written, problem] = damaged.lines();
  const { size } = statSync(join(cwd, 'out put.html'));
  expect(written).toEqual({ type: 'report', file: join(cwd, 'out put.html'), bytes: size });
  expect(problem).toMatchObject({ type: 'error', file: log });
  expect(page()).toContain(`<p class="notice">${problem!.message}</p>`);
  expect(page()).toContain('<dt>train loss</dt><dd>0.900</dd>');

  truncateSync(log, bytes.length - 3);
  rmSync(join(writer.folder, CONFIG_FILE));
  expect(await report()).toMatchObject({ code: 0, stderr: '' });
  expect(page()).toContain('The log ends before the run did');
  expect(page()).toContain('The config of this run is missing');

  mkdirSync(join(cwd, '.trainscope/runs/empty'));
  writeFileSync(join(cwd, '.trainscope/runs/empty', LOG_FILE), '');
  const refused: [args: string[], message: RegExp][] = [
    [['none'], /none is not the folder of a run/],
    [['empty'], /The log of empty is empty/],
    [[run, '--out', 'no/where.html'], /The report cannot be written: ENOENT/],
    [[run, '--out', '.'], /The report cannot be written: EISDIR/],
  ];
  for (const [args, message] of refused) {
    const { code, lines } = await trainscope(cwd, 'report', ...args, '--json');
    expect(code, args.join(' ')).toBe(2);
    expect(lines(), args.join(' ')).toMatchObject([
      { type: 'error', message: expect.stringMatching(message) },
    ]);
  }
}, 60_000);
