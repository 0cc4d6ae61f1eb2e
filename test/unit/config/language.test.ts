import { describe, expect, test } from 'vitest';
import {
  completionsAt,
  configJsonSchema,
  configSchema,
  describeKeys,
  hoverAt,
  parseConfig,
} from '../../../core/config/index.ts';

/** `|` is the cursor. */
function complete(marked: string, file = 'a.train.yaml') {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  return completionsAt(text, file, offset).map(({ label, kind, insertText, range }) => ({
    label,
    kind,
    after: text.slice(0, range.start.offset) + insertText + text.slice(range.end.offset),
  }));
}
const labels = (marked: string, file?: string) => complete(marked, file).map(({ label }) => label);

/** A place to fill in, in VS Code's snippets. */
const field = (text: string) => `$\{1:${text}}`;

const TOP = [
  'data',
  'model',
  'loss',
  'optimizer',
  'schedule',
  'regularization',
  'gradientClip',
  'training',
  'inspect',
  'sweep',
  'ensemble',
  'mute',
];
const TRAINING = [
  'epochs',
  'batchSize',
  'shuffle',
  'seed',
  'threads',
  'earlyStop',
  'stopOnExplosion',
  'ema',
  'checkpoint',
];
const LAYERS = [
  ...['dense', 'conv2d', 'maxPool', 'avgPool', 'dropout', 'maxout', 'dropConnect', 'residual'],
  ...['batchNorm', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'prelu', 'elu', 'selu', 'gelu', 'silu'],
  ...['softplus', 'exponential', 'softmax', 'globalAvgPool', 'flatten'],
];
const PREPROCESSING = [
  'center',
  'standardize',
  'scale',
  'meanImage',
  'perChannel',
  'pca',
  'whiten',
];
const INITS = [
  ...['zeros', 'xavier', 'glorot', 'glorotUniform', 'lecun', 'he', 'heUniform', 'orthogonal'],
  ...['constant', 'normal', 'uniform'],
];
const LOSSES = ['softmaxCrossEntropy', 'binaryCrossEntropy', 'hinge', 'meanSquaredError', 'huber'];
const OPTIMIZERS = ['sgd', 'adagrad', 'rmsprop', 'adam', 'adamW', 'lbfgs'];
const ADAM = ['type', 'learningRate', 'beta1', 'beta2', 'epsilon'];

describe('completion', () => {
  test.each<[text: string, expected: string[]]>([
    ['|', TOP],
    ['# c\n\nda|', TOP],
    ['data:\n  source: a.csv\n|\nmodel:\n  layers: [relu]\n', TOP.slice(2)],
    ['data:\n  source: a\ntraining:\n  |\nmodel: 3', TRAINING],
    ['training:\n  epochs: 1\n  |\n\nmodel:\n', TRAINING.slice(1)],
    ['training:\n  ba|: 3', TRAINING],
    ['data:\n  source: |', ['spiral', 'blobs', 'circles', 'moons', 'gaussian']],
    ['data:\n  task: re|\n', ['classification', 'regression']],
    ['model:\n  layers:\n    - |\n', LAYERS],
    ['model:\n  layers:\n    - rel|\n    - dense: 3\n', LAYERS],
    ['model:\n  layers: [relu, |]', LAYERS],
    ['model:\n  layers:\n    - dense: { un| }\n', ['units', 'bias', 'init', 'regularization']],
    [
      'model:\n  layers:\n    - dense:\n        units: 3\n        |',
      ['bias', 'init', 'regularization'],
    ],
    ['model:\n  layers:\n    - dense: 3\n      |', []],
    ['model:\n  init: |', INITS],
    ['optimizer: |', OPTIMIZERS],
    ['optimizer:\n  |\n', [...ADAM, ...OPTIMIZERS]],
    ['optimizer: { type: |', OPTIMIZERS],
    ['optimizer: { type: sgd, | }', ['learningRate', 'momentum', 'nesterov']],
    ['optimizer: { type: sgd,\n  mom|', ['learningRate', 'momentum', 'nesterov']],
    ['optimizer: { type: lbfgs, | }', ['learningRate', 'memory']],
    ['loss: |', LOSSES],
    ['loss: { type: |', LOSSES],
    ['loss: { |', ['type', 'labelSmoothing', 'classWeights', 'distill']],
    ['loss: { type: huber, | }', ['delta']],
    ['loss: { type: hinge, | }', []],
    ['loss: { classWeights: |', ['balanced']],
    ['data:\n  preprocess: [center, st|', PREPROCESSING],
    ['data:\n  preprocess:\n    - |', PREPROCESSING],
    ['training:\n  shuffle: |', ['true', 'false']],
    ['training:\n  batchSize: |', ['full', '64', '32']],
    ['# |', []],
    ['loss: x # |', []],
    ['data:\n  label: |', []],
  ])('%j', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  test('JSON', () => {
    expect(labels('{|}', 'a.json')).toEqual(TOP);
    expect(labels('{"optimizer": {"type": "|"}}', 'a.json')).toEqual(OPTIMIZERS);
    expect(labels('{"optimizer": {\n "type": "sgd",\n "mo|"\n}}', 'a.json')).toContain('momentum');
    expect(complete('{"optimizer": {"type": "s|"}}', 'a.json')[0]!.after).toBe(
      '{"optimizer": {"type": "sgd"}}',
    );
  });

  test('what is inserted makes sense where it is', () => {
    const inserted = (marked: string, label: string) =>
      complete(marked).find((each) => each.label === label)!.after;
    expect(inserted('tr|', 'training')).toBe('training:\n  $0');
    expect(inserted('optimizer:\n  lea|', 'learningRate')).toBe(
      `optimizer:\n  learningRate: ${field('1e-3')}`,
    );
    expect(inserted('training:\n  ba|: 3', 'batchSize')).toBe('training:\n  batchSize: 3');
    expect(inserted('model:\n  layers:\n    - de|', 'dense')).toBe(
      `model:\n  layers:\n    - dense: ${field('100')}`,
    );
    expect(inserted('model:\n  init: |', 'normal')).toBe(
      `model:\n  init: { normal: ${field('0.01')} }`,
    );
    expect(inserted('model:\n  |', 'layers')).toBe('model:\n  layers:\n  - $0');
  });
});

describe('hover', () => {
  const hover = (marked: string) => {
    const text = marked.replace('|', '');
    const found = hoverAt(text, 'a.train.yaml', marked.indexOf('|'));
    return found && [text.slice(found.range.start.offset, found.range.end.offset), found.markdown];
  };

  test('tells meaning, unit, default and what is allowed', () => {
    const [range, markdown] = hover('training:\n  epo|chs: 3')!;
    expect(range).toBe('epochs');
    expect(markdown).toBe(
      '**epochs** (epochs): Passes over the training examples.\n\nExpected: a whole number of at least 1.  \nDefault: `10`.',
    );
  });

  test('of the type that is written', () => {
    expect(hover('optimizer:\n  type: sgd\n  lear|ningRate: 3')![1]).toContain('Default: `0.01`');
    expect(hover('optimizer:\n  lear|ningRate: 3')![1]).toContain('Default: `1e-3`');
    expect(hover('optimizer:\n  type: lbfgs\n  lear|ningRate: 3')![1]).toContain('Default: `1`');
    expect(hover('optimizer:\n  type: lb|fgs')![1]).toContain('of the full batch alone');
  });

  test('words', () => {
    expect(hover('model:\n  layers:\n    - re|lu')).toEqual([
      'relu',
      '**relu**: max(0, x): cheap and does not saturate for x > 0; units can die.',
    ]);
    expect(hover('loss: mean|SquaredError')![1]).toContain('Mean over the outputs');
  });

  test.each(['# com|ment\na: 1', 'foo|: 1', '|', 'training: { | }', 'mute: [a|]'])(
    'nothing: %j',
    (text) => {
      expect(hover(text)).toBe(null);
    },
  );
});

describe('from the same schema', () => {
  test('every key has a meaning, and is required or has a default', () => {
    const keys = describeKeys();
    expect(keys.length).toBeGreaterThan(40);
    for (const { path, meaning, expected } of keys) {
      expect(meaning, path).toMatch(/^\S.*\.$/s);
      expect(expected, path).not.toBe('');
    }
    expect(
      keys.find(({ path, variant }) => path === 'optimizer.epsilon' && variant === 'adam'),
    ).toEqual({
      path: 'optimizer.epsilon',
      variant: 'adam',
      meaning: 'Keeps the division by the root of the squared gradients finite.',
      unit: null,
      expected: 'a number above 0',
      default: '1e-8',
    });
  });

  test('defaults that are told are those that hold', () => {
    const text = 'data: { source: a.csv }\nmodel: { layers: [dense: 1] }\n';
    const config = parseConfig(text, 'a.yaml').config!;
    const value = (path: string): unknown =>
      path.split('.').reduce<unknown>((at, key) => (at as { [key: string]: unknown })[key], config);
    const told = describeKeys().filter(
      ({ path, variant }) =>
        /^(training|regularization|model\.biasInit|data\.validation$|data\.task|optimizer\.)/.test(
          path,
        ) &&
        // Their absence means something else.
        !/threads|earlyStop|ema|maxNorm/.test(path) &&
        (!path.startsWith('optimizer.') || variant === 'adam'),
    );
    expect(told.length).toBeGreaterThan(12);
    for (const { path, default: fallback } of told) {
      if (fallback === null) continue;
      const actual = value(path);
      expect(typeof actual === 'number' ? Number(fallback) : fallback, path).toBe(
        typeof actual === 'number' ? actual : String(actual),
      );
    }
  });

  test('JSON Schema', () => {
    const schema = configJsonSchema();
    expect(schema.$schema).toContain('2020-12');
    expect(schema.required).toEqual(['data', 'model']);
    expect(JSON.stringify(schema)).not.toMatch(/"(fallback|expected|noun|unit|keys)":/);
    expect(JSON.stringify(schema)).toContain('"labels"');
    expect(configSchema.safeParse({}).success).toBe(false);
  });
});
