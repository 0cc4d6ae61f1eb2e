import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import type { CheckId, CheckStatus } from '../../../core/sanity/check.ts';
import { ALL_CHECKS } from '../../../core/sanity/checks/index.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { check, checked, csv } from './checked.ts';

const HEALTHY = `data: { source: blobs, examples: 400, preprocess: [standardize] }
model: { layers: [dense: 16, relu, dense: 3] }
optimizer: { type: sgd, learningRate: 0.1, momentum: 0.9 }
training: { batchSize: 32 }
`;
const LINE = `data: { source: line.csv, label: y, task: regression, preprocess: [standardize] }
model: { layers: [dense: 16, tanh, dense: 1] }
optimizer: { type: sgd, learningRate: 0.1 }
`;
const random = new RandomStream(1, 'numbers');
const noise = Array.from({ length: 1000 }, () => random.normal());
const line = csv(200, {
  a: (i) => i,
  b: (i) => noise[i],
  y: (i) => i / 100 + 0.1 * noise[i + 200]!,
});

/** A table of two columns, and a class that the first one tells. */
const table = (columns: { [name: string]: (i: number) => unknown } = {}, rows = 200) =>
  csv(rows, {
    a: (i) => noise[i],
    b: (i) => noise[i + 200],
    label: (i) => Number(noise[i]! > 0),
    ...columns,
  });
const TABLE = (rest = '') => `data: { source: t.csv, label: label${rest} }
model: { layers: [dense: 8, relu, dense: 2] }
`;

describe('healthy', () => {
  it.each([
    ['a classification', HEALTHY, {}],
    ['a regression', LINE, { 'line.csv': line }],
    [
      'with batch normalization, dropout, clipping, decay and plateau',
      `${HEALTHY.replace('relu', 'batchNorm, relu, dropout: 0.3').replace('0.9', '0.9').replace('examples: 400', 'examples: 1500')}schedule: { type: plateau, patience: 2 }\ngradientClip: { norm: 5 }\nregularization: { l2: 1e-4 }\n`,
      {},
    ],
    [
      'two classes and one output',
      HEALTHY.replace('blobs', 'moons').replace('dense: 3', 'dense: 1') +
        'loss: binaryCrossEntropy\n',
      {},
    ],
    ['hinge', `${HEALTHY}loss: hinge\n`, {}],
  ])('%s: every check passes', async (_, text, files) => {
    const results = await checked(text, undefined, files);
    const said = [...results.values()].map(({ check, status, message }) => ({
      check,
      status,
      message,
    }));
    expect(said.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(said.map(({ check }) => check)).toEqual(ALL_CHECKS.map(({ id }) => id));
  });

  it('lbfgs on the full batch', async () => {
    const text = HEALTHY.replace(
      /optimizer.*\n.*\n/,
      'optimizer: { type: lbfgs, learningRate: 1 }\ntraining: { batchSize: full }\n',
    );
    const results = await checked(text);
    const bad = [...results.values()].filter(({ status }) => status === 'fail');
    expect(bad).toEqual([]);
    expect(results.get('learning-rate-range')!.evidence.suggested).toBeGreaterThan(1e-3);
  });
});

describe('faulty', () => {
  const holes = table({ b: (i) => (i % 50 === 0 ? '' : noise[i + 200]) });
  it.each<[CheckId, CheckStatus, string, string, { [name: string]: string }, (string | number)[]]>([
    ['input-data', 'fail', 'missing values', TABLE(), { 't.csv': holes }, ['data', 'source']],
    [
      'input-data',
      'warn',
      'a constant column',
      TABLE(),
      { 't.csv': table({ c: () => 7 }) },
      ['data', 'source'],
    ],
    [
      'input-data',
      'warn',
      'equal columns',
      TABLE(),
      { 't.csv': table({ c: (i) => noise[i] }) },
      ['data', 'source'],
    ],
    [
      'input-data',
      'warn',
      'a large scale',
      TABLE(),
      { 't.csv': table({ b: (i) => 1000 * i }) },
      ['data', 'preprocess'],
    ],
    [
      'input-data',
      'warn',
      'examples in both parts',
      TABLE(),
      { 't.csv': table({ a: (i) => i % 9, b: (i) => i % 5 }) },
      ['data', 'validation'],
    ],
    [
      'label-sanity',
      'warn',
      'shuffled labels',
      TABLE(),
      { 't.csv': table({ label: (i) => Number(noise[i + 500]! > 0) }) },
      ['data', 'label'],
    ],
    [
      'label-sanity',
      'warn',
      'unequal classes',
      TABLE(),
      {
        't.csv': table(
          { label: (i) => Number(i % 20 === 0), a: (i) => (i % 20 === 0 ? 5 : 0) + noise[i]! },
          400,
        ),
      },
      ['loss'],
    ],
    [
      'label-sanity',
      'warn',
      'outliers',
      LINE,
      { 'line.csv': csv(200, { a: (i) => i, y: (i) => (i === 77 ? 1e6 : noise[i]) }) },
      ['loss'],
    ],
    [
      'label-sanity',
      'fail',
      'one target for all',
      LINE,
      { 'line.csv': csv(50, { a: (i) => i, y: () => 4 }) },
      ['data', 'label'],
    ],
    [
      'initial-loss',
      'fail',
      'weights of standard deviation 10',
      HEALTHY.replace('3] }', '3], init: { normal: 10 } }'),
      {},
      ['model', 'init'],
    ],
    [
      'initial-loss',
      'fail',
      'inputs in the thousands',
      TABLE(),
      { 't.csv': table({ b: (i) => 1000 * i }) },
      ['data', 'preprocess'],
    ],
    [
      'initial-loss',
      'warn',
      'targets far from 0',
      LINE,
      { 'line.csv': csv(100, { a: (i) => i, y: (i) => 1000 + noise[i]! }) },
      ['data', 'targets'],
    ],
    [
      'regularization-raises-loss',
      'warn',
      'weights of 0',
      HEALTHY.replace('3] }', '3], init: zeros }'),
      {},
      ['model', 'init'],
    ],
    [
      'regularization-raises-loss',
      'warn',
      'penalties that drown the data',
      `${HEALTHY}regularization: { l2: 10 }\n`,
      {},
      ['regularization'],
    ],
    [
      'activation-statistics',
      'fail',
      'saturated tanh',
      HEALTHY.replace('relu', 'tanh').replace('3] }', '3], init: { normal: 50 } }'),
      {},
      ['model', 'init'],
    ],
    [
      'activation-statistics',
      'fail',
      'relu that is dead',
      HEALTHY.replace('3] }', '3], biasInit: -100 }'),
      {},
      ['model', 'init'],
    ],
    [
      'gradient-flow',
      'fail',
      'units that are all equal',
      HEALTHY.replace('3] }', '3], init: { constant: 0.1 } }'),
      {},
      ['model', 'init'],
    ],
    [
      'gradient-flow',
      'warn',
      'sigmoids in a row',
      HEALTHY.replace('relu', `${Array(12).fill('sigmoid, dense: 16').join(', ')}, sigmoid`),
      {},
      ['model', 'layers', 0],
    ],
    [
      'overfit-tiny-batch',
      'fail',
      'a network that is dead',
      HEALTHY.replace('3] }', '3], biasInit: -100 }'),
      {},
      ['model', 'layers'],
    ],
    [
      'learning-rate-range',
      'fail',
      'a rate of 1e6',
      HEALTHY.replace('0.1,', '1e6,'),
      {},
      ['optimizer', 'learningRate'],
    ],
    [
      'learning-rate-range',
      'warn',
      'a rate of 1e-6',
      HEALTHY.replace('0.1,', '1e-6,'),
      {},
      ['optimizer', 'learningRate'],
    ],
    [
      'learning-rate-range',
      'warn',
      'nothing to learn',
      HEALTHY.replace('3] }', '3], biasInit: -100 }').replace(
        'dense: 3',
        'dense: { units: 3, bias: false }',
      ),
      {},
      ['optimizer', 'learningRate'],
    ],
    [
      'input-independence',
      'fail',
      'a dead layer, above which only biases learn',
      TABLE().replace('2] }', '2], biasInit: -100 }'),
      { 't.csv': table({ label: (i) => Number(i % 4 === 0) }) },
      ['data'],
    ],
    [
      'gradient-norms',
      'warn',
      'a limit that shortens all',
      `${HEALTHY}gradientClip: { norm: 0.005 }\n`,
      {},
      ['gradientClip', 'norm'],
    ],
  ])('%s: %s, for %s', async (id, status, _, text, files, path) => {
    const result = await check(id, text, files);
    expect(result).toMatchObject({ status, path });
    // What was seen comes with its numbers.
    expect(result.message).toMatch(/\d|same/);
  });

  it.each<[string, CheckId, string, { [name: string]: string }]>([
    ['a scale', 'input-data', TABLE(), { 't.csv': table({ b: (i) => 1000 * i }) }],
    ['a first loss', 'initial-loss', HEALTHY.replace('3] }', '3], init: { normal: 10 } }'), {}],
    [
      'targets',
      'initial-loss',
      LINE,
      { 'line.csv': csv(100, { a: (i) => i, y: (i) => 1000 + noise[i]! }) },
    ],
    [
      'saturation',
      'activation-statistics',
      HEALTHY.replace('relu', 'tanh').replace('3] }', '3], init: { normal: 50 } }'),
      {},
    ],
    ['equal units', 'gradient-flow', HEALTHY.replace('3] }', '3], init: zeros }'), {}],
    ['a rate', 'learning-rate-range', HEALTHY.replace('0.1,', '1e6,'), {}],
  ])('the fix of %s mends it', async (_, id, text, files) => {
    const { mended, status } = await check(id, text, files);
    expect(status).not.toBe('pass');
    expect(await check(id, mended, files)).toMatchObject({ status: 'pass' });
  });
});

describe('what cannot be told is said', () => {
  it('with two examples, and nothing to validate: no check throws', async () => {
    const files = { 't.csv': table({ label: (i) => i % 2 }, 4) };
    for (const { check, status } of (
      await checked(TABLE(', validation: 0.3'), undefined, files)
    ).values()) {
      expect([check, ['pass', 'warn', 'skip'].includes(status)]).toEqual([check, true]);
    }
  });

  it('with inputs that are missing: what would train is skipped, and the data are blamed', async () => {
    const holes = table({ b: (i) => (i % 3 === 0 ? '' : noise[i]) });
    const results = await checked(TABLE(), undefined, { 't.csv': holes });
    for (const id of [
      'overfit-tiny-batch',
      'learning-rate-range',
      'gradient-norms',
      'input-independence',
    ] as const)
      expect(results.get(id)).toMatchObject({ status: 'skip', path: ['data', 'source'] });
    for (const id of ['initial-loss', 'activation-statistics', 'gradient-flow'] as const)
      expect(results.get(id)).toMatchObject({ status: 'fail', path: ['data', 'source'] });
  });

  it('with a class that no training example has', async () => {
    const text = TABLE()
      .replace('label: label', 'label: label, validation: 0.2')
      .replace('dense: 2', 'dense: 3');
    // The split keeps an example of each class for training: only validation can lack one.
    const files = { 't.csv': table({ label: (i) => (i === 5 ? 2 : i % 2) }) };
    const { status, evidence } = await check('label-sanity', text, files);
    expect(status).toBe('warn');
    expect(evidence.counts).toEqual([expect.any(Number), expect.any(Number), 1]);
  });

  it('without time: no check hangs, none says what it has not seen', async () => {
    const results = await checked(HEALTHY, undefined, {}, { box: 0, all: 0 });
    for (const { check, status } of results.values()) {
      const withoutTraining = check === 'input-data' || check === 'label-sanity';
      expect([check, status]).toEqual([check, withoutTraining ? 'pass' : 'skip']);
    }
  });

  it('with weights that overflow', async () => {
    const text = HEALTHY.replace('3] }', '3], init: { normal: 1e30 } }');
    const results = await checked(text, [
      'initial-loss',
      'activation-statistics',
      'gradient-flow',
      'learning-rate-range',
      'overfit-tiny-batch',
    ]);
    expect(results.get('initial-loss')).toMatchObject({ status: 'fail', path: ['model', 'init'] });
    expect(results.get('activation-statistics')).toMatchObject({ status: 'fail' });
    expect(results.get('learning-rate-range')!.evidence.suggested).toBeNull();
  });
});

describe('the range of learning rates on digits', () => {
  const digits = async () => {
    const folder = join(projectRoot, 'extension', 'samples');
    const text = await readFile(join(folder, 'digits.train.yaml'), 'utf8');
    return { text, files: { 'digits.csv': await readFile(join(folder, 'digits.csv'), 'utf8') } };
  };

  it('suggests a rate within a decade of the best, which is about 0.1 with momentum 0.9', async () => {
    const { text, files } = await digits();
    const { evidence } = await check('learning-rate-range', text, files);
    expect(evidence.suggested).toBeGreaterThanOrEqual(0.01);
    expect(evidence.suggested).toBeLessThanOrEqual(1);
  });

  it('is not misled by a start from which the loss first rises', async () => {
    const { text, files } = await digits();
    const wild = text.replace(/init: he/, 'init: { normal: 0.5 }');
    const { evidence } = await check('learning-rate-range', wild, files);
    expect(evidence.untrained).toBeGreaterThan(5);
    expect(evidence.suggested).toBeGreaterThanOrEqual(0.003);
    expect(evidence.suggested).toBeLessThanOrEqual(1);
  });
});
