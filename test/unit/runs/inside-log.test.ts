import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Histogram } from '../../../core/events/histogram.ts';
import type { RunEvent } from '../../../core/events/run-event.ts';
import {
  InspectionFeed,
  LOG_FILE,
  RunHistory,
  RunLogWriter,
  readRunLog,
  readRunOutside,
} from '../../../core/runs/index.ts';
import { histogramsOf } from '../../../core/runs/look-histograms.ts';
import { activity, distributions, finished, resumed, started, steps, weights } from './events.ts';
import { temporaryRunsFolder } from './temporary.ts';

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7, 8];

function logOf(...events: RunEvent[]): string {
  const writer = new RunLogWriter(temporaryRunsFolder(), 'data: {}\n');
  for (const event of [started(), ...events]) writer.append(event);
  writer.close();
  return join(writer.folder, LOG_FILE);
}

/** The curves first, then the inside. */
async function read(file: string): Promise<RunHistory> {
  let grown: RunHistory | null = null;
  const { history, end } = await readRunOutside(dirname(file), (part) => {
    grown = part;
  });
  expect(grown).toBe(history);
  expect(end.damage).toBeNull();
  expect(history.isInsideRead).toBe(false);
  expect(history.inspected.distributions.events).toEqual([]);
  await history.readInside();
  expect(history.isInsideRead).toBe(true);
  return history;
}

async function readAtOnce(file: string): Promise<RunHistory> {
  const history = new RunHistory();
  await readRunLog(file, (events) => history.push(events));
  return history;
}

const many = (first: number, count: number) => steps(first, Array<number>(count).fill(1));
/** The counts of all rows at all moments; it is told where they lie. */
const counted = ({ inspected }: RunHistory): Promise<Histogram[][]> =>
  histogramsOf(inspected.distributions.events, ROWS);

test('what was measured inside is the same, read later as read at once', async () => {
  const file = logOf(distributions(0), weights(0), many(1, 20), distributions(10), activity(10));
  const later = await read(file);
  const atOnce = await readAtOnce(file);
  expect(later.step).toBe(20);
  expect(later.inspected.activity).toEqual(atOnce.inspected.activity);
  expect(later.inspected.weights).toEqual(atOnce.inspected.weights);
  const [look] = later.inspected.distributions.events;
  expect(look!.counts).not.toBeInstanceOf(Uint32Array);
  expect(look!.statistics).toEqual(atOnce.inspected.distributions.events[0]!.statistics);
  expect(await counted(later)).toEqual(await counted(atOnce));
  const feeds = [later, atOnce].map((history) => new InspectionFeed(history));
  for (const feed of feeds) feed.want(ROWS);
  expect(feeds[0]!.news()).toEqual(feeds[1]!.news());
  expect(await feeds[0]!.pictures()).toEqual(await feeds[1]!.pictures());
});

test('any rows can be asked for, in any order', async () => {
  const history = await read(logOf(distributions(0)));
  const [all] = await counted(history);
  const [some] = await histogramsOf(history.inspected.distributions.events, [6, 0, 6, 3]);
  expect(some).toEqual([6, 0, 6, 3].map((row) => all![row]));
});

test('records that are larger than what is read at once are leapt over', async () => {
  const large = { ...weights(0), parameter: 0, codes: new Int16Array(2 ** 20) };
  const plan = started().plan;
  const [layer] = plan.layers;
  const [, biases] = layer!.parameters;
  const shape = [2 ** 10, 2 ** 10];
  const sets = [{ id: 'w', name: 'weights' as const, shape }, biases!];
  const writer = new RunLogWriter(temporaryRunsFolder(), 'data: {}\n');
  writer.append(started({ plan: { ...plan, layers: [{ ...layer!, parameters: sets }] } }));
  for (const event of [large, many(1, 5), { ...large, step: 5 }, finished()]) writer.append(event);
  writer.close();
  const history = await read(join(writer.folder, LOG_FILE));
  expect(history.step).toBe(5);
  expect(history.state).toBe('completed');
  expect(history.inspected.weights[0]!.events.map(({ step }) => step)).toEqual([0, 5]);
});

test('a run that went on has forgotten what came after its checkpoint', async () => {
  const end = distributions(30);
  const file = logOf(
    many(1, 20),
    distributions(10),
    distributions(20),
    resumed({ step: 10 }),
    many(11, 20),
    end,
  );
  const history = await read(file);
  expect(history.inspected.distributions.events.map(({ step }) => step)).toEqual([10, 30]);
});

test('damage to what was measured costs that moment alone, and is told', async () => {
  const file = logOf(many(1, 20), distributions(10), distributions(20), finished());
  const bytes = readFileSync(file);
  const at = bytes.indexOf('distributions');
  bytes[at + 100]! ^= 1;
  writeFileSync(file, bytes);
  const history = await read(file);
  expect(history.state).toBe('completed');
  expect(history.inspected.distributions.events.map(({ step }) => step)).toEqual([20]);
  expect(history.insideProblem).toMatch(
    /^The log is damaged at byte \d+, and what was measured there/,
  );
});

test('what a live run tells is read already', async () => {
  const history = new RunHistory();
  history.push([started(), distributions(0)]);
  await history.readInside();
  expect(history.isInsideRead).toBe(true);
  expect(history.inspected.distributions.events).toHaveLength(1);
});

test('a log that does not tell of a start is refused, and why', async () => {
  const file = logOf();
  const folder = dirname(file);
  for (const [bytes, message] of [
    ['', /^The log of \S+ is empty\.$/],
    ['not a log at all', /^The log is damaged at byte 0;/],
  ] as const) {
    writeFileSync(file, bytes);
    await expect(readRunOutside(folder)).rejects.toThrow(message);
  }
  await expect(readRunOutside(dirname(folder))).rejects.toThrow('is not the folder of a run');
});
