import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { floats } from '../../../core/training/arena.ts';
import type { Trainer } from '../../../core/training/trainer.ts';
import { configOf, datasetOf, trainerOf } from './fixtures.ts';

const SHAPE = [6, 6, 3];
const SIZE = 108;
const ALL = [
  { crop: 2 },
  { flip: 'horizontal' },
  { rotate: 20 },
  { colorJitter: { brightness: 0.3, contrast: 0.3, saturation: 0.3 } },
  { noise: 0.1 },
  { cutout: 3 },
];

function pictures(count = 90) {
  const random = new RandomStream(2, 'pictures');
  const inputs = Uint8Array.from({ length: count * SIZE }, () => random.integer(256));
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  return datasetOf({ inputs, shape: SHAPE, labels, outputs: 3, validation: 30 });
}

const config = (augment: unknown[], training: Record<string, unknown> = {}) =>
  configOf({
    data: { source: 'unused', augment },
    model: { layers: [{ dense: 3 }] },
    training: { batchSize: 30, shuffle: false, ...training },
  });

const train = (augment: unknown[], training?: Record<string, unknown>, dataset = pictures()) =>
  trainerOf(config(augment, training), dataset);

/** The inputs of the batch that the next step sees. */
function nextBatch(trainer: Trainer, rows = 30): number[][] {
  trainer.trainStep();
  const { input } = trainer.plan.network;
  const values = floats(trainer.memory, input.offset, rows * SIZE);
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * SIZE, (i + 1) * SIZE)]);
}

describe('augmentation', () => {
  it.each(ALL.map((change) => [Object.keys(change)[0], change]))(
    '%s is new at each step',
    (_, change) => {
      const [first, other] = [train([change]), train([change])];
      const batch = nextBatch(first);
      expect(nextBatch(other)).toEqual(batch);
      nextBatch(first);
      // The same examples, an epoch later.
      const later = nextBatch(first);
      expect(later).not.toEqual(batch);
      const plain = nextBatch(train([]));
      const same = batch.filter((row, i) => row.every((x, j) => x === plain[i][j])).length;
      expect(same).toBeLessThan(30);
      expect(batch.flat().every((x) => x >= 0 && x <= 255)).toBe(true);
      expect(nextBatch(train([change], { seed: 2 }))).not.toEqual(batch);
    },
  );

  it('leaves validation alone', () => {
    expect(train(ALL).evaluate()).toEqual(train([]).evaluate());
  });

  it('shifts to every place of a crop alike, and flips half', () => {
    // A single bright pixel in the middle says where it went.
    const inputs = new Uint8Array(30 * SIZE);
    for (let i = 0; i < 30; i++) inputs[i * SIZE + (2 * 6 + 2) * 3] = 200;
    const labels = Array.from({ length: 30 }, (_, i) => i % 3);
    const dataset = datasetOf({ inputs, shape: SHAPE, labels, outputs: 3 });
    const places = new Map<number, number>();
    const trainer = train([{ crop: 1 }], {}, dataset);
    for (let step = 0; step < 60; step++) {
      for (const row of nextBatch(trainer)) {
        const place = row.indexOf(200) / 3;
        places.set(place, (places.get(place) ?? 0) + 1);
      }
    }
    expect([...places.keys()].sort((a, b) => a - b)).toEqual([7, 8, 9, 13, 14, 15, 19, 20, 21]);
    // 200 are expected of each; the standard deviation is 13.
    for (const count of places.values()) expect(Math.abs(count - 200)).toBeLessThan(60);
    const flipping = train([{ flip: 'horizontal' }], {}, dataset);
    let flipped = 0;
    for (let step = 0; step < 20; step++) {
      for (const row of nextBatch(flipping)) if (row.indexOf(200) === (2 * 6 + 3) * 3) flipped++;
    }
    expect(Math.abs(flipped - 300)).toBeLessThan(60);
  });

  it('comes before preprocessing, in the order of the list', () => {
    const dataset = pictures();
    const offset = Float32Array.from({ length: SIZE }, (_, j) => j);
    const scale = new Float32Array(SIZE).fill(0.5);
    const raw = nextBatch(train(ALL));
    const done = nextBatch(train(ALL, {}, { ...dataset, preprocessing: { offset, scale } }));
    expect(done).toEqual(
      raw.map((row) => row.map((x, j) => Math.fround(Math.fround(x - j) * 0.5))),
    );
    expect(nextBatch(train(ALL.toReversed()))).not.toEqual(raw);
  });

  it('is the same for floats as for bytes, whose range is known', () => {
    const dataset = pictures();
    const store = { ...dataset.train.store, inputs: Float32Array.from(dataset.train.store.inputs) };
    const statistics = {
      ...dataset.statistics,
      min: new Float64Array(SIZE),
      max: new Float64Array(SIZE).fill(255),
    };
    const part = { ...dataset.train, store };
    const asFloats = { ...dataset, statistics, train: part, validation: null };
    expect(nextBatch(train(ALL, {}, asFloats))).toEqual(nextBatch(train(ALL)));
  });

  it('depends on the step, not on what was trained before', () => {
    const trainer = train(ALL);
    const batches = [nextBatch(trainer), nextBatch(trainer), nextBatch(trainer)];
    const late = train(ALL);
    late.trainStep();
    late.evaluate();
    expect(nextBatch(late)).toEqual(batches[1]);
  });
});
