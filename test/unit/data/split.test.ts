import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ExampleStore } from '../../../core/data/dataset.ts';
import { bootstrap, split } from '../../../core/data/split.ts';
import { temporaryFolder } from './folder.ts';

function storeOf(labels: number[] | null, count = labels?.length ?? 0): ExampleStore {
  return {
    count,
    inputs: new Float32Array(count),
    labels: labels && Int32Array.from(labels),
    targets: labels ? null : new Float32Array(count),
  };
}

const labels = fc.array(fc.nat(4), { minLength: 20, maxLength: 300 });
const fraction = fc.double({ min: 0.05, max: 0.5, noNaN: true });

it('puts every example into exactly one part, in order, and shares the store', () => {
  fc.assert(
    fc.property(labels, fraction, fc.integer(), (labels, fraction, seed) => {
      const store = storeOf(labels);
      const { train, validation } = split(store, fraction, seed);
      expect(train.store).toBe(store);
      expect(validation.store).toBe(store);
      expect(validation.indices.length).toBe(Math.round(labels.length * fraction));
      for (const { indices } of [train, validation])
        expect(indices).toEqual(indices.slice().sort());
      const all = [...train.indices, ...validation.indices].sort((a, b) => a - b);
      expect(all).toEqual(labels.map((_, i) => i));
    }),
  );
});

it('leaves an example of every class to train on, even if almost all validate', () => {
  fc.assert(
    fc.property(labels, fc.integer(), (labels, seed) => {
      const { train } = split(storeOf(labels), 0.99, seed);
      const trained = new Set([...train.indices].map((i) => labels[i]));
      expect(trained).toEqual(new Set(labels));
    }),
  );
});

it('depends on the seed alone, and draws evenly', () => {
  const store = storeOf(null, 1000);
  const draw = (seed: number) => split(store, 0.2, seed).validation.indices;
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  const hits = new Float64Array(1000);
  for (let seed = 0; seed < 200; seed++) for (const i of draw(seed)) hits[i]!++;
  // Binomial(200, 0.2): mean 40, standard deviation 5.7.
  expect(Math.min(...hits)).toBeGreaterThan(12);
  expect(Math.max(...hits)).toBeLessThan(70);
});

const folder = temporaryFolder();
it('refuses a fraction that leaves nothing to validate', async () => {
  const source = folder.write('few.csv', 'x,kind\n1,a\n2,b\n3,a\n');
  const error = await folder.refusal({ source, label: 'kind', validation: 0.1 });
  expect(error.message).toMatch(/fraction of 0.1 of 3 examples leaves none to validate/);
  expect(error.place.path).toEqual(['data', 'validation']);
});

it('draws a bootstrap sample of the same size, with replacement, by the seed', () => {
  const store = storeOf(null, 3000);
  const part = { store, indices: Uint32Array.from({ length: 2000 }, (_, i) => i + 1000) };
  const sample = bootstrap(part, 1);
  expect(sample.store).toBe(store);
  expect(sample.indices).toHaveLength(2000);
  expect(sample.indices.every((i) => i >= 1000 && i < 3000)).toBe(true);
  // An example is left out with probability (1 − 1/n)ⁿ ≈ 1/e; the spread of that share is 0.007.
  expect(new Set(sample.indices).size / 2000).toBeCloseTo(1 - 1 / Math.E, 1);
  expect(bootstrap(part, 1)).toEqual(sample);
  expect(bootstrap(part, 2)).not.toEqual(sample);
});

it('trains on a bootstrap sample where the config says so, and validates on the rest', async () => {
  const data = { source: 'spiral', examples: 300, validation: 0.2 };
  const plain = await folder.load(data);
  const drawn = await folder.load({ ...data, bootstrap: true });
  expect(drawn.validation).toEqual(plain.validation);
  expect(drawn.train.indices).toHaveLength(240);
  expect(new Set(drawn.train.indices).size).toBeLessThan(200);
  expect(drawn.statistics.classCounts?.reduce((sum, n) => sum + n)).toBe(240);
});
