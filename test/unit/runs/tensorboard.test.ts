import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunEvent, StartedEvent } from '../../../core/events/run-event.ts';
import { fileVersion, histogramSummary, scalarSummary } from '../../../core/runs/summary.ts';
import { TensorBoardWriter } from '../../../core/runs/tensorboard.ts';
import { frame, unframe } from '../../../core/runs/tfrecord.ts';
import { distributions, epoch, finished, ratios, started, steps } from './events.ts';
import { temporaryRunsFolder } from './temporary.ts';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/**
 * What TensorBoard 2.21's own EventFileWriter wrote, for wall time 1763717465.25: the file's version
 * and the scalar `loss/batch` = 0.5 at step 300, each within its TFRecord frame.
 */
const REFERENCE_VERSION =
  '1800000000000000a37f4b2209000050560c48da411a0d627261696e2e4576656e743a32ea118722';
const REFERENCE_SCALAR =
  '3700000000000000e7e8ca5909000050560c48da4110ac022a290a270a0a6c6f73732f6261746368420a080112002a040000003f4a0d0a090a077363616c6172732001626f1c23';

test('a scalar has the bytes that TensorBoard writes', () => {
  expect(hex(frame(fileVersion(1763717465.25)))).toBe(REFERENCE_VERSION);
  const scalar = { tag: 'loss/batch', step: 300, wallTime: 1763717465.25, value: 0.5 };
  expect(hex(frame(scalarSummary(scalar)))).toBe(REFERENCE_SCALAR);
});

/** What its plugin's metadata and EventFileWriter wrote for buckets [[-1, -0.5, 2], [-0.5, 1.5, 3]]. */
const REFERENCE_HISTOGRAM =
  '73000000000000000d737cc809000050560c48da4110ac022a650a630a1161637469766174696f6e732f696e707574423e0802120812020802120208032230000000000000f0bf000000000000e0bf0000000000000040000000000000e0bf000000000000f83f00000000000008404a0e0a0c0a0a686973746f6772616d73a89953d0';

test('a histogram has the bytes that TensorBoard writes', () => {
  const buckets = Float64Array.of(-1, -0.5, 2, -0.5, 1.5, 3);
  const place = { tag: 'activations/input', step: 300, wallTime: 1763717465.25 };
  expect(hex(frame(histogramSummary({ ...place, buckets })))).toBe(REFERENCE_HISTOGRAM);
});

/** Field by field, by the wire format's rules alone. */
type Field = number | bigint | Buffer;
function fields(bytes: Buffer): Map<number, Field> {
  const found = new Map<number, Field>();
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const field = key >> 3;
    if ((key & 7) === 0) found.set(field, varint());
    else if ((key & 7) === 1) {
      found.set(field, bytes.readDoubleLE(at));
      at += 8;
    } else {
      expect(key & 7).toBe(2);
      const length = Number(varint());
      found.set(field, bytes.subarray(at, at + length));
      at += length;
    }
  }
  return found;
}

interface Point {
  step: number;
  time: number;
  value: number;
}

interface Buckets {
  step: number;
  time: number;
  rows: number[][];
}

const DT_DOUBLE = 2n;

function pushTo<Item>(map: Map<string, Item[]>, key: string, item: Item): void {
  map.set(key, [...(map.get(key) ?? []), item]);
}

/** A tensor [k × 3] of double. */
function rowsOf(tensor: Map<number, Field>): number[][] {
  const content = tensor.get(4) as Buffer;
  return Array.from({ length: content.length / 24 }, (_, row) =>
    [0, 1, 2].map((column) => content.readDoubleLE(24 * row + 8 * column)),
  );
}

function write(change: Partial<StartedEvent>, events: RunEvent[]) {
  const folder = join(temporaryRunsFolder(), 'tensorboard');
  mkdirSync(folder, { recursive: true });
  const begin = started(change);
  const writer = new TensorBoardWriter(folder, begin);
  for (const event of events) writer.add(event);
  writer.flush();
  writer.close();
  const [name, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  const bytes = readFileSync(join(folder, name!));
  const scalars = new Map<string, Point[]>();
  const histograms = new Map<string, Buckets[]>();
  for (let at = 0, first = true; at < bytes.length; first = false) {
    const record = unframe(bytes, at);
    if (record.state !== 'record') throw new Error(record.state);
    at = record.end;
    if (first) continue;
    const event = fields(Buffer.from(record.data));
    const value = fields(fields(event.get(5) as Buffer).get(1) as Buffer);
    const tag = String(value.get(1));
    const tensor = fields(value.get(8) as Buffer);
    const place = {
      step: Number(event.get(2)),
      time: Math.round((event.get(1) as number) * 1000 - begin.startedAt),
    };
    if (tensor.get(1) === DT_DOUBLE) {
      pushTo(histograms, tag, { ...place, rows: rowsOf(tensor) });
      continue;
    }
    const point = { ...place, value: (tensor.get(5) as Buffer).readFloatLE() };
    const points = scalars.get(tag);
    if (points) points.push(point);
    else scalars.set(tag, [point]);
  }
  return { name: name!, bytes, scalars, histograms };
}

test('a run becomes scalars', () => {
  const { name, bytes, scalars } = write({}, [
    steps(1, [4, Number.NaN, 2], 1),
    ratios([1, 3], [0.5, Number.POSITIVE_INFINITY, 0.25, 0]),
    epoch(1),
    finished(),
  ]);
  expect(name).toBe('events.out.tfevents.1763717465.trainscope.v2');
  const first = unframe(bytes, 0);
  if (first.state !== 'record') throw new Error(first.state);
  expect(String(fields(Buffer.from(first.data)).get(3))).toBe('brain.Event:2');
  expect(scalars.get('loss/batch')).toEqual([
    { step: 1, time: 10, value: 4 },
    { step: 2, time: 20, value: Number.NaN },
    { step: 3, time: 30, value: 2 },
  ]);
  expect(scalars.get('ratio/model.layers.0.biases')?.map(({ value }) => value)).toEqual([
    Number.POSITIVE_INFINITY,
    0,
  ]);
  expect(scalars.get('loss/validation')).toEqual([
    { step: 10, time: 100, value: Math.fround(1.1) },
  ]);
  expect([...scalars.keys()].sort()).toEqual([
    'accuracy/train',
    'accuracy/validation',
    'learning_rate',
    'loss/batch',
    'loss/train',
    'loss/validation',
    'ratio/model.layers.0.biases',
    'ratio/model.layers.0.weights',
  ]);
});

test('regression has its own scalars', () => {
  const quality = { accuracy: null, rmse: 2, r2: 0.5 };
  const { scalars } = write({ task: 'regression' }, [
    epoch(1, { train: { loss: 1, dataLoss: 1, ...quality }, validation: { loss: 1, ...quality } }),
  ]);
  expect([...scalars.keys()].sort()).toEqual([
    'loss/train',
    'loss/validation',
    'r2/train',
    'r2/validation',
    'rmse/train',
    'rmse/validation',
  ]);
});

test('a long run keeps some 10,000 points with every spike, whatever the records it came in', () => {
  const total = 200_000;
  const values = Array.from({ length: total }, (_, i) => Math.sin(i / 100));
  values[77_777] = 1000;
  values[150_000] = Number.NaN;
  const inRecordsOf = (rows: number) => {
    const events: RunEvent[] = [];
    for (let i = 0; i < total; i += rows) events.push(steps(i + 1, values.slice(i, i + rows)));
    return write({ epochs: 200, stepsPerEpoch: 1000 }, [...events, finished()]);
  };
  const { scalars, bytes } = inRecordsOf(1000);
  const points = scalars.get('loss/batch')!;
  expect(points.length).toBeGreaterThan(5000);
  expect(points.length).toBeLessThanOrEqual(10_000);
  expect(points).toContainEqual({ step: 77_778, time: 777_780, value: 1000 });
  expect(points).toContainEqual({ step: 150_001, time: 1_500_010, value: Number.NaN });
  expect(points.at(-1)!.step).toBeGreaterThan(total - 60);
  expect(points.map(({ step }) => step)).toEqual(
    points.map(({ step }) => step).sort((a, b) => a - b),
  );
  expect(inRecordsOf(1000).bytes.equals(bytes)).toBe(true);
  expect(inRecordsOf(333).scalars).toEqual(scalars);
});

test('what is measured inside the network becomes histograms', () => {
  const moment = distributions(10);
  // Nothing was measured in the last row, and nothing finite in the one before.
  moment.statistics[8 * 10] = 0;
  moment.statistics.set([0, 5, 2], 7 * 10);
  const { histograms, scalars } = write({}, [distributions(0), moment, finished()]);
  expect([...scalars.keys()]).toEqual([]);
  expect([...histograms].map(([tag, moments]) => [tag, moments.map(({ step }) => step)])).toEqual([
    ['activations/input', [0, 10]],
    ['activations/model.layers.0', [0, 10]],
    ['gradients/model.layers.0', [0, 10]],
    ['weights/model.layers.0.weights', [0, 10]],
    ['weight_gradients/model.layers.0.weights', [0, 10]],
    ['updates/model.layers.0.weights', [0, 10]],
    ['weights/model.layers.0.biases', [0, 10]],
    ['weight_gradients/model.layers.0.biases', [0]],
    ['updates/model.layers.0.biases', [0]],
  ]);
  const [, second] = histograms.get('gradients/model.layers.0')!;
  expect(second!.time).toBe(100);
  const { rows } = second!;
  expect(rows.at(0)![0]).toBe(-1);
  expect(rows.at(-1)![1]).toBe(1.5);
  for (const value of [-1, 1]) {
    const [row, ...others] = rows.filter(([from, to]) => value >= from! && value < to!);
    expect(others).toEqual([]);
    expect(row![2]).toBe(1);
  }
  expect(rows.reduce((sum, [, , count]) => sum + count!, 0)).toBe(3);
});

test('a file keeps the first moments, and about a thousand of a long run', () => {
  const everyStep = Array.from({ length: 20_001 }, (_, step) => distributions(step));
  const inside = { epochs: 20, stepsPerEpoch: 1000 };
  const { histograms } = write(inside, everyStep.slice(0, 3000));
  const kept = histograms.get('activations/input')!.map(({ step }) => step);
  expect(kept.slice(0, 64)).toEqual(Array.from({ length: 64 }, (_, step) => step));
  expect(kept.slice(64, 67)).toEqual([66, 88, 110]);
  expect(kept.length).toBeLessThan(64 + 3000 / 20);
});
