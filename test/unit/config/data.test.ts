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
])('%s is understood', (data) => {
  expect(parse(data).problems).toEqual([]);
});
