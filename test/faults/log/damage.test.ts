import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { LOG_FILE, RunHistory, RunLogWriter, readRunLog } from '../../../core/runs/index.ts';
import { readOutline } from '../../../core/runs/outline.ts';
import { FOOTER_BYTES, frameLength, HEADER_BYTES } from '../../../core/runs/tfrecord.ts';
import {
  activity,
  distributions,
  epoch,
  finished,
  ratios,
  started,
  steps,
  weights,
} from '../../unit/runs/events.ts';

const events: RunEvent[] = [
  started(),
  steps(1, [3, 2.5, 2, 1.5, 1], 0.01),
  ratios([1, 2], [0.1, 0.2, 0.3, 0.4]),
  { type: 'control', action: 'pause', step: 5, time: 51 },
  steps(6, [0.9, Number.NaN, 0.7, 0.6, 0.5]),
  // Without counts: every byte is a test.
  distributions(10, { bins: new Uint32Array(9 * 4), counts: new Uint32Array(0) }),
  activity(10),
  weights(10),
  epoch(1),
  finished(),
];
const LEAPT_OVER = new Set<RunEvent['type']>(['ratios', 'distributions', 'activity', 'weights']);
const root = mkdtempSync(join(tmpdir(), 'log-damage-'));
const copy = join(root, 'copy.log');
let whole: Buffer;
/** Where each record ends. */
const ends: number[] = [];

beforeAll(() => {
  const log = new RunLogWriter(join(root, 'runs'), '');
  for (const event of events) log.append(event);
  log.close();
  whole = readFileSync(join(log.folder, LOG_FILE));
  for (let at = 0; at < whole.length; ends.push(at))
    at += HEADER_BYTES + frameLength(whole, at)! + FOOTER_BYTES;
  expect(ends).toHaveLength(events.length);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

async function readCopy(bytes: Uint8Array) {
  writeFileSync(copy, bytes);
  const read: RunEvent[] = [];
  const end = await readRunLog(copy, (batch) => read.push(...batch));
  return { read, end };
}

test('cut off at any byte, a log reads back up to its last whole record', async () => {
  for (let length = 0; length <= whole.length; length++) {
    const { read, end } = await readCopy(whole.subarray(0, length));
    const records = ends.filter((at) => at <= length).length;
    expect(read.length, `at byte ${length}`).toBe(records);
    expect(end).toEqual({ bytes: records === 0 ? 0 : ends[records - 1], damage: null });
    if (ends.includes(length)) expect(read).toEqual(events.slice(0, records));
    // What the list of runs reads agrees, but for the columns that it leaps over.
    const outline = (await readOutline(copy)).map(({ type }) => type);
    const steps = read.findLastIndex(({ type }) => type === 'steps');
    expect(outline).toEqual(
      read
        .filter(({ type }, i) => !LEAPT_OVER.has(type) && (type !== 'steps' || i === steps))
        .map(({ type }) => type),
    );
  }
}, 60_000);

test('a flipped bit anywhere ends the log before its record, and is told', async () => {
  for (let at = 0; at < whole.length; at++) {
    const flipped = Buffer.from(whole);
    flipped[at] = flipped[at]! ^ (1 << (at % 8));
    const { read, end } = await readCopy(flipped);
    const record = ends.findIndex((end) => at < end);
    expect(read, `at byte ${at}`).toEqual(events.slice(0, record));
    expect(end.bytes).toBe(record === 0 ? 0 : ends[record - 1]);
    expect(end.damage).toContain(`damaged at byte ${end.bytes}`);
  }
}, 60_000);

test('what was read makes a history', async () => {
  const { read } = await readCopy(whole.subarray(0, ends[4]));
  const history = new RunHistory();
  history.push(read);
  history.abandon();
  expect(history.state).toBe('interrupted');
  expect(history.step).toBe(10);
});
