import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent } from '../../core/events/codec.ts';
import { jsonLine } from '../../core/events/json-line.ts';
import { UserError } from '../../core/events/user-error.ts';
import {
  InsideLog,
  InspectionFeed,
  LOG_FILE,
  RunHistory,
  RunLogWriter,
  readRunLog,
} from '../../core/runs/index.ts';
import { frame } from '../../core/runs/tfrecord.ts';
import { inspectionLines } from '../../core/terminal/inspection-lines.ts';
import {
  activity,
  distributions,
  epoch,
  finished,
  ratios,
  started,
  steps,
  weights,
} from '../unit/runs/events.ts';
import { temporaryRunsFolder } from '../unit/runs/temporary.ts';
import { mutate, mutations } from './mutate.ts';

const EVENTS = [
  started(),
  steps(1, [3, 2, Number.NaN, 1], 0.1),
  ratios([1, 2], [0.1, 0.2, 0.3, 0.4]),
  distributions(2),
  epoch(1),
  activity(4),
  weights(4),
  steps(5, [1, 0.5]),
  epoch(2),
  finished(),
];
const ABSURD_BYTES = 64 * 2 ** 20;

const SENTENCE = /^\S.*\.$/s;

/** All at once, as `inspect` does, and the inside later, as the dashboard: what cannot be read is told. */
async function read(file: string): Promise<void> {
  const inside = new InsideLog(file);
  await readWith(file, null, new RunHistory());
  await readWith(file, inside, new RunHistory(inside));
}

async function readWith(file: string, inside: InsideLog | null, history: RunHistory) {
  const before = process.memoryUsage().arrayBuffers;
  try {
    const { bytes, damage } = await readRunLog(file, (events) => history.push(events), inside);
    expect(bytes).toBeLessThanOrEqual(readFileSync(file).length);
    if (damage !== null) expect(damage).toMatch(SENTENCE);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).toMatch(SENTENCE);
  }
  if (history.started) {
    await history.readInside();
    if (history.insideProblem !== null) expect(history.insideProblem).toMatch(SENTENCE);
    await show(history);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(ABSURD_BYTES);
}

/** What was measured, as the dashboard and `inspect` ask for it. */
async function show(history: RunHistory): Promise<void> {
  const feed = new InspectionFeed(history);
  feed.want([0, 1, 2]);
  feed.news();
  await feed.pictures();
  const { distributions, activity, weights } = history.inspected;
  const chosen = {
    distributions: distributions.events,
    activity: activity.events,
    weights: weights.flatMap(({ events }) => events),
    includes: () => true,
    values: true,
  };
  for await (const lines of inspectionLines(history, chosen)) lines.map(jsonLine);
}

test('a log with changed bytes is read up to them', async () => {
  const writer = new RunLogWriter(temporaryRunsFolder(), 'data: {}\n');
  for (const event of EVENTS) writer.append(event);
  writer.close();
  const file = join(writer.folder, LOG_FILE);
  const whole = readFileSync(file);
  await fc.assert(
    fc.asyncProperty(mutations, (list) => {
      writeFileSync(file, mutate(whole, list));
      return read(file);
    }),
    { seed: 1, numRuns: 250 },
  );
});

test('a log whose events were changed, checksums and all, is read or refused', async () => {
  const writer = new RunLogWriter(temporaryRunsFolder(), 'data: {}\n');
  for (const event of EVENTS) writer.append(event);
  writer.close();
  const file = join(writer.folder, LOG_FILE);
  const records = EVENTS.map(encodeEvent);
  await fc.assert(
    fc.asyncProperty(mutations, fc.nat(EVENTS.length - 1), (list, which) => {
      const changed = records.with(which, mutate(records[which]!, list));
      writeFileSync(file, Buffer.concat(changed.map(frame)));
      return read(file);
    }),
    { seed: 1, numRuns: 300 },
  );
});
