import { describe, expect, it } from 'vitest';
import type { QueryOf } from '../../../../core/inspection/explorer/protocol.ts';
import type { LayerConfig } from '../../../reference/config.ts';
import { numericGradient, relativeError } from '../../../reference/gradient-check.ts';
import { dataOf, explorerOf, type Given } from './explored.ts';

const id = { part: 'train', index: 3 } as const;
const smallNet: LayerConfig[] = [{ conv2d: 4 }, 'tanh', { avgPool: 2 }, { dense: 3 }];
const smooth = { layers: smallNet, dataset: dataOf({ shape: [4, 6, 2] }) };

/** The example as it was read, in float64. */
function rawOf({ dataset }: Given, size: number): Float64Array {
  return Float64Array.from(dataset.train.store.inputs.subarray(3 * size, 4 * size));
}

describe('saliency', () => {
  it.each<[name: string, given: Given, scoreLayers: number, sign?: number]>([
    ['of an image', smooth, 4],
    ['below a softmax', { ...smooth, layers: [...smallNet, 'softmax'], loss: 'hinge' }, 4],
    ['of bytes', { ...smooth, dataset: dataOf({ shape: [4, 6, 2], bytes: true }) }, 4],
    [
      'of a row',
      { layers: [{ dense: 5 }, 'sigmoid', { dense: 3 }], dataset: dataOf({ shape: [7] }) },
      3,
    ],
    [
      'of values',
      { layers: [{ dense: 3 }, 'tanh', { dense: 2 }], dataset: dataOf({ shape: [7], targets: 2 }) },
      3,
    ],
    [
      'without preprocessing',
      { ...smooth, dataset: dataOf({ shape: [4, 6, 2], preprocess: [] }) },
      4,
    ],
    [
      'of one output for two classes',
      {
        layers: [{ dense: 3 }, 'tanh', { dense: 1 }],
        loss: 'binaryCrossEntropy',
        dataset: dataOf({ shape: [7], classes: 2 }),
      },
      3,
    ],
  ])('%s is the gradient of the score by the raw input', (_name, given, to) => {
    const { explorer, reference } = explorerOf(given);
    const size = given.dataset.shape.reduce((a, b) => a * b);
    const raw = rawOf(given, size);
    const isSingle = given.loss === 'binaryCrossEntropy';
    for (const output of [0, 1]) {
      const score = () => {
        const y = reference(raw, to).values;
        return isSingle ? (output === 1 ? y[0] : -y[0]) : y[output];
      };
      const found = explorer.answer({ type: 'saliency', example: id, output, smooth: null });
      const expected = numericGradient(score, raw, 1e-4);
      expect(relativeError(found.gradient, expected, 1e-6)).toBeLessThan(1e-4);
      expect(found.score).toBeCloseTo(score(), 4);
      expect(found.output).toBe(output);
      const channels = given.dataset.shape[2] ?? 1;
      const map = Array.from({ length: size / channels }, (_, place) =>
        Math.max(...found.gradient.slice(place * channels, (place + 1) * channels).map(Math.abs)),
      );
      expect([...found.map]).toEqual(map);
    }
  });

  it('is of the predicted class where none is named', () => {
    const { explorer } = explorerOf(smooth);
    const { predicted } = explorer.answer({ type: 'example', example: id });
    const found = explorer.answer({ type: 'saliency', example: id, output: null, smooth: null });
    expect(found.output).toBe(predicted);
  });

  it('smoothed without noise is itself, and of a linear network whatever the noise', () => {
    const linear = { ...smooth, layers: [{ dense: 3 }] };
    for (const [given, noise] of [
      [smooth, 0],
      [linear, 0.3],
    ] as const) {
      const { explorer } = explorerOf(given);
      const ask = (smoothing: QueryOf<'saliency'>['smooth']) =>
        explorer.answer({ type: 'saliency', example: id, output: 2, smooth: smoothing }).gradient;
      expect(relativeError(ask({ samples: 300, noise }), ask(null), 1e-6)).toBeLessThan(1e-5);
    }
  });

  it('smoothed comes to the mean over noise, always the same', () => {
    // E[tanh′(w x + w σ n)] of one weight, by the trapezoidal rule.
    const dataset = dataOf({ shape: [2], preprocess: [] });
    const { explorer, held } = explorerOf({ layers: ['tanh', { dense: 3 }], dataset });
    const query = {
      type: 'saliency',
      example: id,
      output: 1,
      smooth: { samples: 4000, noise: 0.5 },
    } as const;
    const found = explorer.answer(query).gradient;
    expect(explorer.answer(query).gradient).toEqual(found);
    const raw = rawOf({ layers: [], dataset }, 2);
    const sigma = 0.5 * Math.abs(raw[0] - raw[1]);
    const weights = held['model.layers.1.weights'];
    const mean = (x: number) => {
      let sum = 0;
      let weight = 0;
      for (let n = -6; n <= 6; n += 0.001) {
        const density = Math.exp((-n * n) / 2);
        sum += density * (1 - Math.tanh(x + sigma * n) ** 2);
        weight += density;
      }
      return sum / weight;
    };
    const expected = Array.from(raw, (x, i) => weights[i * 3 + 1] * mean(x));
    expect(relativeError(found, expected)).toBeLessThan(0.1);
  });
});

describe('a unit', () => {
  const layers: LayerConfig[] = [
    { conv2d: 4 },
    'relu',
    { maxPool: 2 },
    { dense: 5 },
    'relu',
    { dense: 3 },
  ];
  const given = { layers, dataset: dataOf({ shape: [6, 6, 2] }) };
  it.each([
    ['a channel', 1, 2],
    ['a pooled channel', 2, 1],
    ['a unit of a row', 3, 4],
    ['an output', 5, 0],
  ])('%s is looked at where it is most active', (_name, layer, unit) => {
    const { explorer, reference } = explorerOf(given);
    const raw = rawOf(given, 72);
    const y = reference(raw, layer + 1);
    const channels = y.shape.at(-1)!;
    const own = y.values.filter((_, i) => i % channels === unit);
    const best = own.indexOf(Math.max(...own));
    const found = explorer.answer({ type: 'unit', example: id, layer, unit, rule: 'gradient' });
    expect(found.value).toBeCloseTo(own[best], 4);
    const width = y.shape[2];
    expect(found.place).toEqual(
      y.shape.length === 4 ? { row: Math.floor(best / width), column: best % width } : null,
    );
    const value = () => reference(raw, layer + 1).values[best * channels + unit];
    const expected = numericGradient(value, raw, 1e-5);
    expect(relativeError(found.gradient, expected, 1e-6)).toBeLessThan(1e-3);
    // Nothing outside of what it sees.
    const { top, left, height, width: columns } = found.box;
    for (const [i, slope] of found.gradient.entries()) {
      const [row, column] = [Math.floor(i / 12), Math.floor(i / 2) % 6];
      const inside = row >= top && row < top + height && column >= left && column < left + columns;
      if (!inside) expect(slope).toBe(0);
    }
  });

  it('is guided: nothing that lowers it comes through the relus on the way', () => {
    const { explorer, held } = explorerOf({
      ...given,
      layers: [{ dense: 9 }, 'relu', { dense: 3 }],
    });
    const ask = (rule: 'gradient' | 'guided' | 'deconvolution') =>
      explorer.answer({ type: 'unit', example: id, layer: 2, unit: 1, rule }).gradient;
    const { scale } = given.dataset.preprocessing!;
    const maps = explorer.answer({ type: 'featureMaps', example: id, layers: [0] });
    const [w, v] = [held['model.layers.0.weights'], held['model.layers.2.weights']];
    const by = (rectified: (x: number, d: number) => number) =>
      Array.from({ length: 72 }, (_, i) => {
        const terms = Array.from(
          maps[0].values,
          (x, j) => w[i * 9 + j] * rectified(x, v[j * 3 + 1]),
        );
        return scale[i] * terms.reduce((a, b) => a + b);
      });
    expect(
      relativeError(
        ask('guided'),
        by((x, d) => (x > 0 && d > 0 ? d : 0)),
      ),
    ).toBeLessThan(1e-5);
    expect(
      relativeError(
        ask('deconvolution'),
        by((_x, d) => Math.max(0, d)),
      ),
    ).toBeLessThan(1e-5);
    expect(
      relativeError(
        ask('gradient'),
        by((x, d) => (x > 0 ? d : 0)),
      ),
    ).toBeLessThan(1e-5);
  });
});

describe('patches', () => {
  it.each([
    [{ layer: 0, unit: 1, count: 5 }],
    [{ layer: 2, unit: 3, count: 100 }],
    [{ layer: 3, unit: 0, count: 3 }],
  ])('%o are the strongest of all, cut out of the images', (query) => {
    const layers: LayerConfig[] = [{ conv2d: 4 }, 'relu', { maxPool: 2 }, { dense: 3 }];
    const dataset = dataOf({ shape: [6, 8, 2], rows: 210, bytes: true });
    const { explorer, reference } = explorerOf({ layers, dataset });
    const found = explorer.answer({ type: 'patches', part: 'train', ...query });
    const y = reference(dataset.train.store.inputs.subarray(0, 200 * 96), query.layer + 1);
    const channels = y.shape.at(-1)!;
    const perExample = y.values.length / 200;
    const best = Array.from({ length: 200 }, (_, index) => {
      const own = y.values
        .slice(index * perExample, (index + 1) * perExample)
        .filter((_value, i) => i % channels === query.unit);
      return { index, value: Math.max(...own) };
    }).sort((a, b) => b.value - a.value || a.index - b.index);
    const expected = best.slice(0, query.count);
    expect(found.length).toBe(expected.length);
    expect(
      relativeError(
        found.map(({ value }) => value),
        expected.map(({ value }) => value),
      ),
    ).toBeLessThan(1e-5);
    for (const { index, value, box, pixels } of found) {
      expect(value).toBeCloseTo(best.find((each) => each.index === index)!.value, 4);
      const image = dataset.train.store.inputs.subarray(index * 96, (index + 1) * 96);
      const cut = Array.from({ length: box.height * box.width * 2 }, (_, i) => {
        const row = box.top + Math.floor(i / (box.width * 2));
        const column = box.left + (Math.floor(i / 2) % box.width);
        return image[(row * 8 + column) * 2 + (i % 2)];
      });
      expect([...pixels]).toEqual(cut);
    }
  });
});

it('a query ends where poll says so', () => {
  const dataset = dataOf({ shape: [4], rows: 1000 });
  const { explorer, hooks } = explorerOf({ layers: [{ dense: 3 }], dataset });
  let polls = 0;
  hooks.poll = () => {
    polls++;
    if (polls === 5) throw new Error('enough');
  };
  expect(() => explorer.answer({ type: 'predictions', part: 'train' })).toThrow('enough');
  expect(polls).toBe(5);
});
