import { describe, expect, it } from 'vitest';
import type { QueryOf } from '../../../../core/inspection/explorer/protocol.ts';
import type { LayerConfig } from '../../../reference/config.ts';
import { classesOf, dataOf, explorerOf, type Given } from './explored.ts';

const id = { part: 'train', index: 5 } as const;
const deep: LayerConfig[] = [{ conv2d: 5 }, 'relu', { maxPool: 2 }, { dense: 4 }];
const shape = [6, 6, 1];
const bytes = dataOf({ shape, classes: 4, bytes: true });

function fool(given: Given, query: Partial<QueryOf<'fool'>>) {
  const made = explorerOf(given);
  const whole = { type: 'fool', example: id, epsilon: 8, steps: 1, target: null } as const;
  return { ...made, found: made.explorer.answer({ ...whole, ...query }) };
}

/** The raw example in float64. */
function rawOf({ dataset }: Given): Float64Array {
  return Float64Array.from(dataset.train.store.inputs.slice(5 * 36, 6 * 36));
}

describe('fooling a linear network of two classes', () => {
  const given = {
    layers: [{ dense: 2 }],
    dataset: dataOf({ shape, classes: 2, bytes: true }),
    strength: 0.02,
  };

  it.each([1, 10])('in %i steps takes the closed form', (steps) => {
    // Scores differ by d = w · x′ + b; ε · sign(w) changes that by ε Σ |w| · scale, until a value leaves 0..255.
    const { found, held } = fool(given, { steps });
    const { scale, offset } = given.dataset.preprocessing!;
    const weights = held['model.layers.0.weights'];
    const [bias0, bias1] = held['model.layers.0.biases'];
    const difference = Array.from(scale, (s, i) => (weights[2 * i + 1] - weights[2 * i]) * s);
    const raw = rawOf(given);
    const margin = (x: ArrayLike<number>) =>
      difference.reduce((sum, d, i) => sum + d * (x[i] - offset[i]), bias1 - bias0);
    const from = margin(raw) > 0 ? 1 : 0;
    const pushed = (epsilon: number) =>
      raw.map((x, i) => {
        const up = Math.sign(difference[i]) * (from === 1 ? -1 : 1);
        return Math.min(255, Math.max(0, x + epsilon * up));
      });
    expect(found.before.predicted).toBe(from);
    expect(found.epsilon).toBe(8);
    if (!found.fooled) expect([...found.input]).toEqual([...pushed(8)]);
    const { found: least } = fool(given, { steps, epsilon: 'smallest' });
    let [low, high] = [0, 255];
    for (let i = 0; i < 50; i++) {
      const middle = (low + high) / 2;
      if (margin(pushed(middle)) > 0 === (from === 1)) low = middle;
      else high = middle;
    }
    expect(least.fooled).toBe(true);
    expect(least.predicted).toBe(1 - from);
    // The grid is fine to a 32nd of a ratio of 1.41.
    expect(least.epsilon! / high).toBeGreaterThan(0.999);
    expect(least.epsilon! / high).toBeLessThan(1.015);
  });
});

describe('fooling', () => {
  it('in one step goes ε along the sign of the gradient of the cross-entropy', () => {
    const given = { layers: [{ dense: 4 }], dataset: bytes, strength: 0.1 };
    const { found, held, reference } = fool(given, { epsilon: 3 });
    const raw = rawOf(given);
    const y = [...reference(raw).values];
    const from = classesOf(y, 4)[0];
    const sum = y.reduce((all, z) => all + Math.exp(z), 0);
    const slope = y.map((z, k) => Math.exp(z) / sum - (k === from ? 1 : 0));
    const weights = held['model.layers.0.weights'];
    const expected = Array.from(raw, (x, i) => {
      const up = slope.reduce((all, d, k) => all + d * weights[i * 4 + k], 0);
      return Math.min(255, Math.max(0, x + 3 * Math.sign(up)));
    });
    expect([...found.input]).toEqual(expected);
    expect([...found.difference]).toEqual(expected.map((x, i) => x - raw[i]));
    expect(found.outputs[1]).toBeCloseTo(reference(expected).values[1], 4);
    expect(found.fooled).toBe(found.predicted !== from);
  });

  it.each([1, 20])('in %i steps stays within ε and the range of the data', (steps) => {
    const given = { layers: deep, dataset: bytes };
    for (const epsilon of [0, 0.5, 40]) {
      const { found } = fool(given, { epsilon, steps });
      expect(Math.max(...found.difference.map(Math.abs))).toBeLessThanOrEqual(epsilon);
      expect(Math.min(...found.input)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...found.input)).toBeLessThanOrEqual(255);
      if (epsilon === 0) expect(found.fooled).toBe(false);
    }
  });

  it('with as little as is enough changes the class, and with less does not', () => {
    const given = { layers: deep, dataset: bytes };
    const example = { part: 'train', index: 4 } as const;
    const { found: one } = fool(given, { example, epsilon: 'smallest' });
    const { found: many } = fool(given, { example, epsilon: 'smallest', steps: 20 });
    for (const [found, steps] of [
      [one, 1],
      [many, 20],
    ] as const) {
      expect(found.fooled).toBe(true);
      expect(found.predicted).not.toBe(found.before.predicted);
      expect(Math.max(...found.difference.map(Math.abs))).toBeCloseTo(found.epsilon!, 3);
      const again = fool(given, { example, epsilon: found.epsilon!, steps }).found;
      expect(again).toEqual(found);
      expect(fool(given, { example, epsilon: 0.9 * found.epsilon!, steps }).found.fooled).toBe(
        false,
      );
    }
    expect(many.epsilon!).toBeLessThanOrEqual(one.epsilon! * 1.015);
  });

  it('in one step may go past what small steps find', () => {
    const given = { layers: deep, dataset: bytes };
    expect(fool(given, { epsilon: 'smallest' }).found).toMatchObject({
      epsilon: null,
      fooled: false,
    });
    expect(fool(given, { epsilon: 'smallest', steps: 20 }).found.fooled).toBe(true);
  });

  it('towards a class gets there', () => {
    const given = { layers: deep, dataset: bytes };
    const { predicted } = fool(given, { epsilon: 0 }).found;
    for (const target of [0, 1, 2, 3].filter((k) => k !== predicted)) {
      const { found } = fool(given, { epsilon: 'smallest', steps: 20, target });
      expect(found.predicted).toBe(target);
    }
  });

  it('works on a network that is sure to the last bit', () => {
    const given = { layers: [{ dense: 4 }], dataset: bytes, strength: 100 };
    const { found } = fool(given, { epsilon: 'smallest' });
    expect(Math.max(...found.before.probabilities!)).toBe(1);
    expect(found.fooled).toBe(true);
  });

  it('says so where not even the whole range is enough', () => {
    // All scores alike, whatever the image: the first class.
    const given = { layers: deep, dataset: bytes, strength: 0 };
    const { found } = fool(given, { epsilon: 'smallest', steps: 3 });
    expect(found).toMatchObject({ epsilon: null, fooled: false, predicted: 0 });
  });

  it.each([
    [{ target: 4 }, 'There is no class 4: they count from 0 to 3.'],
    [{ example: { part: 'train', index: 30 } as const }, 'There is no train example 30'],
  ])('refuses %o', (query, message) => {
    expect(() => fool({ layers: deep, dataset: bytes }, query)).toThrow(message);
  });

  it('refuses a class that is predicted already, and NaN', () => {
    const given = { layers: deep, dataset: bytes, strength: 0 };
    expect(() => fool(given, { target: 0 })).toThrow('takes this example for 0 already');
    const broken = { layers: deep, dataset: bytes, strength: Number.NaN };
    expect(() => fool(broken, {})).toThrow('gives NaN');
  });
});

describe('the image of a class', () => {
  const plain = {
    type: 'classImage',
    output: 2,
    steps: 40,
    rate: 0.05,
    l2: 0,
    blur: 0,
    jitter: 0,
    seed: 1,
  } as const;

  it('goes uphill, by the same way for the same seed', () => {
    for (const change of [{}, { jitter: 2 }, { blur: 0.7, l2: 0.05 }, { jitter: 1, seed: 2 }]) {
      const { explorer } = explorerOf({ layers: deep, dataset: bytes });
      const found = explorer.answer({ ...plain, ...change });
      expect(found.scores[40]).toBeGreaterThan(found.scores[0]);
      expect(Math.min(...found.input)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...found.input)).toBeLessThanOrEqual(255);
      expect(found.scores[40]).toBeCloseTo(found.outputs[2], 5);
      expect(explorer.answer({ ...plain, ...change })).toEqual(found);
    }
    const images = [1, 2].map((seed) =>
      explorerOf({ layers: deep, dataset: bytes }).explorer.answer({ ...plain, jitter: 2, seed }),
    );
    expect(images[0].input).not.toEqual(images[1].input);
  });

  it('of a linear network adds its weights to the mean image', () => {
    const dataset = dataOf({ shape, classes: 4 });
    const { explorer, held } = explorerOf({ layers: [{ dense: 4 }], dataset });
    const found = explorer.answer({ ...plain, steps: 3, rate: 1e-3, l2: 0.5 });
    const { low, high } = explorer.facts.range;
    const { scale } = dataset.preprocessing!;
    const slope = Array.from(scale, (s, i) => s * held['model.layers.0.weights'][i * 4 + 2]);
    const length = Math.sqrt(slope.reduce((sum, g) => sum + g * g, 0) / slope.length);
    // d ← ½ d + step, from 0: 1.75 steps.
    for (const [i, value] of found.input.entries()) {
      const step = (1e-3 * (high - low) * slope[i]) / length;
      expect(value).toBeCloseTo(dataset.statistics.mean[i] + 1.75 * step, 4);
    }
  });

  it('stays the mean image where there is no way uphill', () => {
    const { explorer } = explorerOf({ layers: deep, dataset: bytes, strength: 0 });
    const found = explorer.answer(plain);
    expect([...found.scores]).toEqual(Array(41).fill(0));
    expect([...found.input]).toEqual([...Float32Array.from(bytes.statistics.mean)]);
  });
});
