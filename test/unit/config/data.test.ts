import { expect, test } from 'vitest';
import { parseConfig } from '../../../core/config/index.ts';

const parse = (data: string) =>
  parseConfig(`data: { ${data} }\nmodel: { layers: [dense: 2] }\n`, 'a.train.yaml');

test.each<[data: string, message: RegExp, path: (string | number)[]]>([
  ['source: a.csv, format: nyp', /Unknown format "nyp"; did you mean "npy"\?/, ['format']],
  [
    'source: a.csv, preprocess: [whitten]',
    /Unknown item of preprocess "whitten"; did you mean "whiten"\?/,
    ['preprocess', 0],
  ],
  [
    'source: a.csv, preprocess: [pca, standardize]',
    /pca mixes all features, so that standardize would find nothing of its own: put pca last/,
    ['preprocess', 0],
  ],
  [
    'source: a.csv, preprocess: [scale, whiten, pca]',
    /whiten mixes all features, so that pca would find/,
    ['preprocess', 1],
  ],
  [
    'source: a.csv, targets: standardize',
    /"targets" is for numbers to predict, but the task is classification/,
    ['targets'],
  ],
  ['source: a.csv, task: regression, targets: center', /Unknown targets "center"/, ['targets']],
  ['source: a.csv, bootstrap: 3', /bootstrap must be true or false, found 3/, ['bootstrap']],
  [
    'source: a.csv, augment: [{ flp: 2 }]',
    /Unknown transformation "flp"; did you mean "flip"\?/,
    ['augment', 0, 'flp'],
  ],
  [
    'source: a.csv, augment: [{ crop: 2, flip: horizontal }]',
    /A transformation has one key, found "crop" and "flip"\. Give each a list item \(-\) of its own/,
    ['augment', 0],
  ],
  ['source: a.csv, augment: [flip]', /flip needs a value: .*flip: horizontal/, ['augment', 0]],
  [
    'source: a.csv, augment: { crop: 2 }',
    /augment must be a list such as \[\{ crop: 2 \}, .* found a map/,
    ['augment'],
  ],
  ['source: a.csv, augment: [3]', /The transformation must be a map with one key/, ['augment', 0]],
  ['source: a.csv, augment: [{ crop: 0 }]', /crop must be a whole number/, ['augment', 0, 'crop']],
  [
    'source: a.csv, augment: [{ flip: sideways }]',
    /Unknown flip "sideways"; expected horizontal or vertical/,
    ['augment', 0, 'flip'],
  ],
  [
    'source: a.csv, augment: [{ rotate: 270 }]',
    /rotate must be a number of at most 180, found 270/,
    ['augment', 0, 'rotate'],
  ],
  ['source: a.csv, augment: [{ noise: 5 }]', /noise must be .* found 5/, ['augment', 0, 'noise']],
  [
    'source: a.csv, augment: [{ cutout: 1.5 }]',
    /cutout must be a whole number/,
    ['augment', 0, 'cutout'],
  ],
  [
    'source: a.csv, augment: [{ colorJitter: {} }]',
    /colorJitter changes nothing yet/,
    ['augment', 0, 'colorJitter'],
  ],
  [
    'source: a.csv, augment: [{ colorJitter: { hue: 1 } }]',
    /Unknown key "hue"/,
    ['augment', 0, 'colorJitter', 'hue'],
  ],
  [
    'source: a.csv, preprocess: [whiten], augment: [{ crop: 1 }]',
    /"augment" changes raw images at each step, but whiten mixes their pixels/,
    ['augment'],
  ],
])('%s is refused', (data, message, path) => {
  const { problems } = parse(data);
  expect(problems.map((problem) => problem.path)).toEqual([['data', ...path]]);
  expect(problems[0]!.message).toMatch(message);
});

test.each([
  'source: a.csv, label: x, preprocess: [scale, pca, whiten]',
  'source: a.csv, label: x, preprocess: [meanImage, perChannel, pca]',
  'source: a.csv, label: x, task: regression, targets: standardize, bootstrap: true',
  'source: x.npy, labels: y.npy',
  'source: spiral, bootstrap: true',
  'source: a.csv, augment: [crop: 2, flip: vertical, colorJitter: { contrast: 1 }, noise: 0.1]',
])('%s is understood', (data) => {
  expect(parse(data).problems).toEqual([]);
});
