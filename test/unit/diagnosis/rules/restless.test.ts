import { beforeAll, expect, test } from 'vitest';
import { restless } from '../../../../core/diagnosis/rules/rate/restless.ts';
import type { RunEvent } from '../../../../core/events/run-event.ts';
import { beginning, type Told, traceOf as told } from '../told-trace.ts';

const EPOCHS = 20;
/** By the size of batches. */
const beginnings = new Map<number, RunEvent[]>();
beforeAll(async () => {
  for (const batch of [1, 32]) beginnings.set(batch, await beginning(EPOCHS, batch));
});

const traceOf = ({ batch = 32, ...rest }: Told & { batch?: number }) =>
  told(beginnings.get(batch)!, rest);

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
])('silent: a loss that jumps %s', (_, parts) => {
  expect(restless(traceOf(parts))).toBeNull();
});

test('with batches of one example validation has to jump', () => {
  const calm = curve(() => 0.5);
  expect(restless(traceOf({ train: jumping(0.4), validation: calm, batch: 1 }))).toBeNull();
  expect(
    restless(traceOf({ train: calm, validation: jumping(0.8), batch: 1, ratio: 0.002 })),
  ).not.toBeNull();
});
