import { describe, expect, it } from 'vitest';
import type { Query, Refusable } from '../../../../core/inspection/explorer/protocol.ts';
import { dataOf, explorerOf } from './explored.ts';

const image = { shape: [4, 4, 1] };
const example = { part: 'train', index: 0 } as const;
const QUERIES: Query[] = [
  { type: 'predictions', part: 'validation' },
  { type: 'example', example },
  { type: 'featureMaps', example, layers: [0] },
  { type: 'images', part: 'train', indices: [0] },
  { type: 'saliency', example, output: 0, smooth: null },
  { type: 'fool', example, epsilon: 1, steps: 1, target: null },
  { type: 'classImage', output: 0, steps: 1, rate: 0.1, l2: 0, blur: 0, jitter: 0, seed: 1 },
  { type: 'unit', example, layer: 0, unit: 0, rule: 'guided' },
  { type: 'patches', part: 'train', layer: 0, unit: 0, count: 1 },
  { type: 'embedding', part: 'train', layer: 0, method: 'pca', examples: 10 },
];

describe('what cannot be asked', () => {
  it.each<[string, Parameters<typeof explorerOf>[0]['dataset'], Refusable[], RegExp]>([
    ['of images with classes: nothing', dataOf(image), [], /./],
    [
      'of a row',
      dataOf({ shape: [5] }),
      ['fool', 'classImage', 'patches'],
      /needs images, but .* plain list of 5 features/,
    ],
    [
      'of values',
      dataOf({ ...image, targets: 3 }),
      ['fool', 'classImage', 'confusion'],
      /needs classes, but the network predicts values/,
    ],
    [
      'of images on principal axes',
      { ...dataOf(image), preprocessing: null, rotation: 'pca' },
      ['saliency', 'fool', 'classImage', 'unit', 'patches'],
      /the network is given what pca makes of them/,
    ],
    [
      'of images that are all alike',
      (() => {
        const dataset = dataOf(image);
        const alike = Float64Array.from(dataset.statistics.min, () => 1);
        return { ...dataset, statistics: { ...dataset.statistics, min: alike, max: alike } };
      })(),
      ['fool', 'classImage'],
      /no range to move in/,
    ],
  ])('%s', (_name, dataset, types, message) => {
    const { explorer } = explorerOf({ layers: [{ dense: 3 }], dataset });
    expect(Object.keys(explorer.facts.refused).toSorted()).toEqual(types.toSorted());
    for (const query of QUERIES) {
      if (types.includes(query.type)) expect(() => explorer.answer(query)).toThrow(message);
      else expect(() => explorer.answer(query)).not.toThrow();
    }
  });

  it.each<[Query, string]>([
    [
      { type: 'example', example: { part: 'validation', index: 10 } },
      'There is no validation example 10: they count from 0 to 9.',
    ],
    [{ type: 'example', example: { part: 'train', index: -1 } }, 'There is no train example -1'],
    [{ type: 'featureMaps', example, layers: [1] }, 'There is no layer 1: they count from 0 to 0.'],
    [
      { type: 'unit', example, layer: 0, unit: 3, rule: 'guided' },
      'dense 1 has no unit 3: they count from 0 to 2.',
    ],
    [
      { type: 'saliency', example, output: 3, smooth: null },
      'There is no class 3: they count from 0 to 2.',
    ],
    [
      { type: 'embedding', part: 'train', layer: 0, method: 'pca', examples: 5000 },
      'An embedding shows 3 to 2,000 examples',
    ],
  ])('refuses %o', (query, message) => {
    const { explorer } = explorerOf({ layers: [{ dense: 3 }], dataset: dataOf(image) });
    expect(() => explorer.answer(query)).toThrow(message);
  });

  it('refuses a part that is not there, and NaN', () => {
    const dataset = dataOf({ ...image, validation: 0 });
    const { explorer } = explorerOf({ layers: [{ dense: 3 }], dataset, strength: Number.NaN });
    expect(explorer.facts.examples.validation).toBe(0);
    expect(() => explorer.answer(QUERIES[0])).toThrow('This run has no validation examples.');
    expect(() => explorer.answer(QUERIES[6])).toThrow('is not finite');
    expect(() => explorer.answer(QUERIES[7])).toThrow('This unit is NaN for this example.');
    expect(explorer.answer(QUERIES[8])).toEqual([]);
    expect(() => explorer.answer(QUERIES[9])).toThrow('not finite');
  });
});

it('tells what a unit in the middle of each layer sees', () => {
  const { explorer } = explorerOf({
    layers: [{ conv2d: 2 }, 'relu', { maxPool: 2 }, { conv2d: 2 }, { dense: 3 }],
    dataset: dataOf({ shape: [16, 18, 1] }),
  });
  expect(explorer.facts.layers.map(({ field }) => field)).toEqual([
    { height: 3, width: 3 },
    { height: 3, width: 3 },
    { height: 4, width: 4 },
    { height: 8, width: 8 },
    { height: 16, width: 18 },
  ]);
});
