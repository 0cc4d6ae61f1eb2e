import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { encodeEvent } from '../../../core/events/codec.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { UserError } from '../../../core/events/user-error.ts';
import {
  CONFIG_FILE,
  hasLiveOwner,
  LOG_FILE,
  RunLogWriter,
  readRunLog,
  tailRunLog,
} from '../../../core/runs/index.ts';
import { frame } from '../../../core/runs/tfrecord.ts';
import { epoch, finished, ratios, resumed, started, steps } from './events.ts';
import { temporaryRunsFolder } from './temporary.ts';

const CONFIG = 'data: { source: ziffern.csv } # kept as it is\n';

function writer(runsFolder: string): RunLogWriter {
  const log = new RunLogWriter(runsFolder, CONFIG);
  onTestFinished(() => log.close());
  return log;
}

async function read(folder: string): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  const end = await readRunLog(join(folder, LOG_FILE), (batch) => events.push(...batch));
  expect(end).toEqual({ bytes: statSync(join(folder, LOG_FILE)).size, damage: null });
  return events;
}

test('what is appended is read back, in order', async () => {
  const events = [
    started(),
    steps(1, [3, 2, Number.NaN], 0.1),
    ratios([1], [0.1, 0.2]),
    epoch(1),
    finished(),
  ];
  const log = writer(temporaryRunsFolder());
  for (const event of events) log.append(event);
  log.close();
  expect(await read(log.folder)).toEqual(events);
  expect(readFileSync(join(log.folder, CONFIG_FILE), 'utf8')).toBe(CONFIG);
});

test('nothing is on disk before the first event; then the folder is whole, and ignored by git', () => {
  const runs = temporaryRunsFolder();
  const log = writer(runs);
  expect(existsSync(runs)).toBe(false);
  expect(log.folder).toBe('');
  log.append(started());
  expect(readdirSync(runs)).toEqual(['20251121-093105-digits']);
  expect(log.folder).toBe(join(runs, '20251121-093105-digits'));
  expect(readdirSync(log.folder).sort()).toEqual([
    'config.yaml',
    'events.log',
    'owner.json',
    'tensorboard',
  ]);
  expect(statSync(join(log.folder, LOG_FILE)).size).toBeGreaterThan(100);
  expect(readFileSync(join(dirname(runs), '.gitignore'), 'utf8')).toBe('*\n');
});

test('names: unique within a second, valid on Windows, any script', () => {
  const runs = temporaryRunsFolder();
  const names = ['a', 'a', 'a', 'a:b/c\\d?"<>|*', '数字 ñ', '..', 'dot. ', 'CON', 'x'.repeat(300)];
  const folders = names.map((name) => {
    const log = writer(runs);
    log.append(started({ name }));
    return basename(log.folder);
  });
  const at = '20251121-093105';
  expect(folders).toEqual([
    `${at}-a`,
    `${at}-a-2`,
    `${at}-a-3`,
    `${at}-a-b-c-d------`,
    `${at}-数字 ñ`,
    `${at}-run`,
    `${at}-dot`,
    `${at}-CON`,
    `${at}-${'x'.repeat(60)}`,
  ]);
});

test('it is flushed within a second, even when nothing follows', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  log.append(steps(1, [1]));
  await vi.waitFor(async () => expect(await read(log.folder)).toHaveLength(2), { timeout: 3000 });
});

test('a run has an owner while it is written', () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  expect(hasLiveOwner(log.folder)).toBe(true);
  log.close();
  expect(hasLiveOwner(log.folder)).toBe(false);
});

test.each([
  ['a process that is gone', { pid: 2 ** 22 + 1, host: null, processStart: null }, false],
  ['another machine, lately', { pid: 1, host: 'elsewhere', processStart: null }, true],
  ['no owner at all', { pid: 'x', host: 7 }, false],
])('owner: %s', async (_name, owner, live) => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  log.close();
  const { hostname } = await import('node:os');
  const text = JSON.stringify({ ...owner, host: owner.host ?? hostname() });
  writeFileSync(join(log.folder, 'owner.json'), text);
  expect(hasLiveOwner(log.folder)).toBe(live);
});

test.runIf(process.platform === 'linux')(
  'an owner whose id another process has now is gone',
  () => {
    const log = writer(temporaryRunsFolder());
    log.append(started());
    const file = join(log.folder, 'owner.json');
    const owner = JSON.parse(readFileSync(file, 'utf8'));
    expect(owner.processStart).toMatch(/^\d+$/);
    writeFileSync(file, JSON.stringify({ ...owner, processStart: '1' }));
    expect(hasLiveOwner(log.folder)).toBe(false);
  },
);

test('an owner from before this machine was started is gone', () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  utimesSync(join(log.folder, 'owner.json'), 0, 0);
  expect(hasLiveOwner(log.folder)).toBe(false);
});

test('a place that cannot be written is told, with the file', () => {
  const runs = temporaryRunsFolder();
  const log = writer(join(runs, 'x', '.trainscope', 'runs'));
  log.append(started());
  const blocked = writer(join(log.folder, LOG_FILE));
  expect(() => blocked.append(started())).toThrow(UserError);
  expect(() => blocked.append(steps(1, [1]))).toThrow('a file stands where a folder must be');
});

test('a log of a newer format is refused', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  log.close();
  const file = join(log.folder, LOG_FILE);
  const newer = { ...started(), formatVersion: 7 };
  writeFileSync(file, frame(encodeEvent(newer as never)));
  await expect(read(log.folder)).rejects.toThrow('log format 7');
});

test('a file that is something else is told', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  log.close();
  const file = join(log.folder, LOG_FILE);
  writeFileSync(file, frame(encodeEvent(steps(1, [1]))));
  await expect(read(log.folder)).rejects.toThrow('does not begin with the start of a run');
  writeFileSync(file, 'epoch,loss\n1,0.5\n2,0.4\n');
  const end = await readRunLog(file, () => expect.unreachable());
  expect(end.bytes).toBe(0);
  expect(end.damage).toContain('damaged at byte 0');
});

test('records larger than a chunk, and a million steps, are read without holding others up', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started({ epochs: 100_000 }));
  const column = Array.from({ length: 500_000 }, (_, i) => 1 / (i + 1));
  log.append(steps(1, column, 0.1));
  log.append(steps(500_001, column, 0.1));
  log.close();
  let turns = 0;
  const turn = setInterval(() => turns++, 1);
  onTestFinished(() => clearInterval(turn));
  const events = await read(log.folder);
  expect(events.map((event) => event.type)).toEqual(['started', 'steps', 'steps']);
  expect(turns).toBeGreaterThan(1);
});

test('a log is followed while it is written, to its end', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  const heard: string[] = [];
  const ends: (string | null)[] = [];
  const tail = tailRunLog(
    join(log.folder, LOG_FILE),
    0,
    (events) => heard.push(...events.map(({ type }) => type)),
    (problem) => ends.push(problem),
  );
  onTestFinished(() => tail.dispose());
  await vi.waitFor(() => expect(heard).toEqual(['started']), { timeout: 5000 });
  log.append(steps(1, [1]));
  log.flush();
  await vi.waitFor(() => expect(heard).toEqual(['started', 'steps']), { timeout: 5000 });
  log.append(finished());
  log.close();
  await vi.waitFor(() => expect(ends).toEqual([null]), { timeout: 5000 });
  expect(heard).toEqual(['started', 'steps', 'finished']);
});

test('a log that goes on keeps what it had, but for a record that was cut off', async () => {
  const runsFolder = temporaryRunsFolder();
  const first = writer(runsFolder);
  const before = [started(), steps(1, [3, 2, 1]), finished()];
  for (const event of before) first.append(event);
  first.close();
  const { folder } = first;
  const logBytes = statSync(join(folder, LOG_FILE)).size;
  appendFileSync(join(folder, LOG_FILE), 'half a record');

  const config = CONFIG.replace('kept', 'changed');
  const earlier = { folder, started: started(), logBytes };
  const second = new RunLogWriter(runsFolder, config, earlier);
  onTestFinished(() => second.close());
  const after = [resumed({ step: 2, epoch: 0 }), steps(3, [0.5]), finished()];
  second.append(after[0]!);
  expect(hasLiveOwner(folder)).toBe(true);
  // Whoever comes second is refused, and changes nothing.
  const third = new RunLogWriter(runsFolder, CONFIG, earlier);
  expect(() => third.append(after[0]!)).toThrow(/is being trained already/);
  for (const event of after.slice(1)) second.append(event);
  second.close();
  expect(second.folder).toBe(folder);
  expect(hasLiveOwner(folder)).toBe(false);
  expect(await read(folder)).toEqual([...before, ...after]);
  expect(readFileSync(join(folder, 'config.yaml'), 'utf8')).toBe(config);
  const files = readdirSync(join(folder, 'tensorboard'));
  expect(files).toHaveLength(2);

  const heard: string[] = [];
  await new Promise((resolve) => {
    const hear = (events: RunEvent[]) => heard.push(...events.map(({ type }) => type));
    tailRunLog(join(folder, LOG_FILE), 0, hear, resolve);
  });
  expect(heard).toEqual([...before, ...after].map(({ type }) => type));
});

test('after dispose, a tail is silent; a file that is gone ends it', async () => {
  const log = writer(temporaryRunsFolder());
  log.append(started());
  const heard = vi.fn();
  tailRunLog(join(log.folder, LOG_FILE), 0, heard, heard).dispose();
  log.append(steps(1, [1]));
  log.flush();
  await setTimeout(200);
  expect(heard).not.toHaveBeenCalled();
  const gone = await new Promise<string | null>((resolve) => {
    tailRunLog(join(log.folder, 'absent.log'), 0, heard, resolve);
  });
  expect(gone).toContain('ENOENT');
});
