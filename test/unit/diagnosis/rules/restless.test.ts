import { beforeAll, expect, test } from 'vitest';
import type { JudgedTrace } from '../../../../core/diagnosis/rule.ts';
import { restless } from '../../../../core/diagnosis/rules/rate/restless.ts';
import { Trace } from '../../../../core/diagnosis/trace.ts';
import type { RunEvent } from '../../../../core/events/run-event.ts';
import { train } from '../judged.ts';

const EPOCHS = 20;
const config = (batchSize: number) => `data: { source: blobs, examples: 120, validation: 0.2 }
model: { layers: [dense: 3] }
training: { epochs: ${EPOCHS}, batchSize: ${batchSize} }`;

/** How runs begin: their plan and data. */
const beginnings = new Map<number, RunEvent[]>();
beforeAll(async () => {
  for (const batch of [1, 32]) {
    const { events } = await train(config(batch));
    const first = events.filter(({ type }) => type === 'started' || type === 'data');
    beginnings.set(batch, first);
  }
});

interface Told {
  /** What is left of guessing's loss, epoch by epoch, in training and on validation examples. */
  train: readonly number[];
  validation?: readonly number[];
  /** ‖update‖ / ‖W‖. */
  ratio?: number;
  batch?: number;
}

function traceOf({ train: own, validation = own, ratio = 0.03, batch = 32 }: Told): JudgedTrace {
  const trace = new Trace();
  for (const event of beginnings.get(batch)!) trace.add(event);
  const { stepsPerEpoch, plan } = trace.started!;
  const counts = [...trace.data!.classCounts!];
  const all = counts.reduce((sum, count) => sum + count, 0);
  const guess = counts.reduce((sum, count) => sum - (count / all) * Math.log(count / all), 0);
  const sets = plan.layers.flatMap(({ parameters }) => parameters).length;
  for (const [i, left] of own.entries()) {
    const step = (i + 1) * stepsPerEpoch;
    trace.addRatios(step, new Float32Array(sets).fill(ratio));
    const quality = { accuracy: 0.4, rmse: null, r2: null };
    trace.add({
      type: 'epoch',
      epoch: i + 1,
      step,
      time: 0,
      examplesPerSecond: 1,
      train: { loss: left * guess, dataLoss: left * guess, ...quality },
      validation: { loss: validation[i]! * guess, ...quality },
    });
  }
  return trace as JudgedTrace;
}

const curve = (at: (epoch: number) => number, epochs = EPOCHS) =>
  Array.from({ length: epochs }, (_, i) => at(i));
/** Down to 0.5, then up and down by a part of it. */
const jumping = (part: number) => curve((i) => (i < 8 ? 1 - i / 16 : 0.5 + (i % 2 ? part : 0) / 2));

test('a loss that jumps in the second half and falls no more does not come to rest', () => {
  const found = restless(traceOf({ train: jumping(0.4) }));
  expect(found).toMatchObject({ lost: false });
  expect(found!.seen).toMatch(/goes up and down by 3\d %/);
});

test.each<[string, Told]>([
  ['in the first half', { train: jumping(0.4).slice(0, 9) }],
  ['with small steps, which do not jump', { train: jumping(0.4), ratio: 0.002 }],
  ['by less than a sixth of itself', { train: jumping(0.1) }],
  ['on its way down', { train: curve((i) => (1 - i / 25) * (i % 2 ? 1.2 : 1)) }],
  ['at nearly nothing', { train: jumping(0.4).map((left) => left / 20) }],
])('silent: a loss that jumps %s', (_, told) => {
  expect(restless(traceOf(told))).toBeNull();
});

test('with batches of one example validation has to jump', () => {
  const calm = curve(() => 0.5);
  expect(restless(traceOf({ train: jumping(0.4), validation: calm, batch: 1 }))).toBeNull();
  expect(
    restless(traceOf({ train: calm, validation: jumping(0.8), batch: 1, ratio: 0.002 })),
  ).not.toBeNull();
});
