import { describe, expect, test } from 'vitest';
import { defaultLoss, parseConfig } from '../../../core/config/index.ts';

const BASE = 'data: { source: a.csv }\nmodel:\n  layers:\n    - dense: 3\n';
const layer = (text: string) => `data: { source: a.csv }\nmodel:\n  layers:\n    - ${text}\n`;

/** What is wrong: message and the text that is underlined. */
function faults(text: string, file = 'a.train.yaml') {
  const { config, problems } = parseConfig(text, file);
  expect(config === null).toBe(problems.length > 0);
  return problems.map(({ message, range: { start, end } }) => [
    message,
    text.slice(start.offset, end.offset),
  ]);
}

describe('a good config', () => {
  test('is fully defaulted', () => {
    expect(parseConfig(BASE, 'a.train.yaml').config).toEqual({
      data: {
        source: 'a.csv',
        validation: 0.2,
        task: 'classification',
        preprocess: [],
        bootstrap: false,
        augment: [],
        examples: 1000,
      },
      model: {
        layers: [{ kind: 'dense', units: 3, bias: true, init: null, regularization: null }],
        init: 'he',
        biasInit: 0,
      },
      optimizer: { type: 'adam', learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      regularization: { l1: 0, l2: 0, bias: false },
      schedule: { type: 'constant', warmup: 0 },
      training: {
        epochs: 10,
        batchSize: 64,
        shuffle: true,
        seed: 1,
        checkpoint: { every: 1, keep: 3 },
        stopOnExplosion: true,
      },
      inspect: { everyEpochs: 1 },
      mute: [],
    });
    expect(defaultLoss('classification')).toEqual({
      type: 'softmaxCrossEntropy',
      labelSmoothing: 0,
    });
    expect(defaultLoss('regression')).toEqual({ type: 'meanSquaredError' });
  });

  test('says everything', () => {
    const text = `# comment
data:
  source: pixels.csv
  format: csv
  label: digit
  image: { height: 8, width: 8 }
  validation: test.csv
  limit: 100
  preprocess: [center, scale]
model:
  layers:
    - dense: { units: 20, bias: false, init: { normal: 1e-2 }, regularization: { l2: 1e-3 } }
    - sigmoid
    - leakyRelu
    - leakyRelu: { slope: 0.2 }
    - elu
    - elu: {}
    - tanh
    - dense: 10
  init: xavier
  biasInit: 0.1
loss: meanSquaredError
optimizer: { type: sgd, learningRate: 5e-1, momentum: 0.9, nesterov: true }
regularization: { l2: 1e-4, bias: true }
training: { epochs: 3, batchSize: full, shuffle: false, seed: 7 }
mute: [dead-relu]
`;
    const { config, problems } = parseConfig(text, 'a.train.yml');
    expect(problems).toEqual([]);
    expect(config!.data.image).toEqual({ height: 8, width: 8, channels: 1 });
    expect(config!.model.layers.slice(0, 6)).toEqual([
      {
        kind: 'dense',
        units: 20,
        bias: false,
        init: { normal: 0.01 },
        regularization: { l1: 0, l2: 0.001, bias: false },
      },
      { kind: 'sigmoid' },
      { kind: 'leakyRelu', slope: 0.01 },
      { kind: 'leakyRelu', slope: 0.2 },
      { kind: 'elu', alpha: 1 },
      { kind: 'elu', alpha: 1 },
    ]);
    expect(config!.optimizer).toEqual({
      type: 'sgd',
      learningRate: 0.5,
      momentum: 0.9,
      nesterov: true,
    });
    expect(config!.training.batchSize).toBe('full');
  });

  test('layers by their name alone, and with options', () => {
    const own = { bias: true, init: null, regularization: null };
    const text = `data: { source: a.csv }
model:
  layers:
    - batchNorm
    - batchNorm: { momentum: 0.01 }
    - prelu
    - prelu: { start: 0 }
    - maxout: 10
    - maxout: { units: 10, pieces: 5, bias: false }
    - dropConnect: { units: 10 }
    - dropout: 0.2
    - softmax
`;
    const { config, problems } = parseConfig(text, 'a.train.yaml');
    expect(problems).toEqual([]);
    expect(config!.model.layers).toEqual([
      { kind: 'batchNorm', momentum: 0.1, epsilon: 1e-5 },
      { kind: 'batchNorm', momentum: 0.01, epsilon: 1e-5 },
      { kind: 'prelu', start: 0.25 },
      { kind: 'prelu', start: 0 },
      { kind: 'maxout', units: 10, pieces: 2, ...own },
      { kind: 'maxout', units: 10, pieces: 5, ...own, bias: false },
      { kind: 'dropConnect', units: 10, rate: 0.5, ...own },
      { kind: 'dropout', rate: 0.2 },
      { kind: 'softmax' },
    ]);
  });

  test('in JSON, with tabs and a byte order mark', () => {
    const text =
      '\uFEFF{\n\t"data": {"source": "spiral"},\n\t"model": {"layers": [{"dense": 2}]}}\n';
    expect(parseConfig(text, 'a.train.json').problems).toEqual([]);
  });

  test('with aliases', () => {
    const text = `${BASE}    - dense: &d { units: 5 }\n    - dense: *d\n`;
    expect(parseConfig(text, 'a.yaml').config!.model.layers[2]).toMatchObject({ units: 5 });
  });

  test('optimizers by name, and their own default rate', () => {
    const rate = (text: string) =>
      parseConfig(BASE + text, 'a.yaml').config!.optimizer.learningRate;
    expect(rate('optimizer: sgd')).toBe(0.01);
    expect(rate('optimizer: adam')).toBe(0.001);
    expect(rate('optimizer: { learningRate: 1 }')).toBe(1);
    expect(rate('optimizer: lbfgs\ntraining: { batchSize: full }')).toBe(1);
  });

  test.each(['spiral', 'blobs', 'circles', 'moons', 'gaussian'])('the generator %s', (name) => {
    const text = `data: { source: ${name}, noise: 0.5 }\nmodel: { layers: [dense: 2] }\n`;
    expect(parseConfig(text, 'a.yaml').problems).toEqual([]);
  });
});

describe('bad input: one clear message at the right place', () => {
  const RATE = 'a number of at least 0 and below 1';
  const DENSE = 'a whole number of at least 1, or a map such as { units: 100 }';
  const LAYER = 'a name such as relu, or a map such as dense: 100';

  test.each<[text: string, message: string, underlined: string]>([
    [
      '',
      'This config is empty. It needs at least data (with a source) and model (with layers).',
      '',
    ],
    ['hello', 'The config must be a map of keys and values, found "hello".', 'hello'],
    ['- a', 'The config must be a map of keys and values, found a list.', '- a'],
    [
      'data: {}\nmodel: { layers: [dense: 1] }',
      'The key "source" is missing: expected a file name or a generator.',
      'data',
    ],
    [
      'data: { source: a.csv }\n',
      'The key "model" is missing: expected a map with a list of layers.',
      'data: { source: a.csv }',
    ],
    [
      'data: { source: a.csv }\nmodel: { layers: [] }',
      'layers must be a list of layers, at least one, found a list.',
      '[]',
    ],
    [
      'data: { source: a.csv }\nmodel: { layers: 3 }',
      'layers must be a list of layers, at least one, found 3.',
      '3',
    ],
    // Keys
    [
      `${BASE}optimizer:\n  learningrate: 1`,
      'Unknown key "learningrate"; did you mean "learningRate"?',
      'learningrate',
    ],
    [`${BASE}optimiser: sgd`, 'Unknown key "optimiser"; did you mean "optimizer"?', 'optimiser'],
    [
      `${BASE}training: { batch_size: 3 }`,
      'Unknown key "batch_size"; did you mean "batchSize"?',
      'batch_size',
    ],
    [
      `${BASE}foo: 1`,
      'Unknown key "foo"; expected data, model, loss, optimizer, schedule, regularization, gradientClip, training, inspect, sweep, ensemble or mute.',
      'foo',
    ],
    [
      `${BASE}__proto__: { a: 1 }`,
      'Unknown key "__proto__"; expected data, model, loss, optimizer, schedule, regularization, gradientClip, training, inspect, sweep, ensemble or mute.',
      '__proto__',
    ],
    [
      `${BASE}constructor: 1`,
      'Unknown key "constructor"; expected data, model, loss, optimizer, schedule, regularization, gradientClip, training, inspect, sweep, ensemble or mute.',
      'constructor',
    ],
    [
      `${BASE}toString: 1`,
      'Unknown key "toString"; expected data, model, loss, optimizer, schedule, regularization, gradientClip, training, inspect, sweep, ensemble or mute.',
      'toString',
    ],
    [`${BASE}model: {}`, 'The key "model" is there twice. Remove one of them.', 'model'],
    // Layers
    [layer('rellu'), 'Unknown layer "rellu"; did you mean "relu"?', 'rellu'],
    [
      layer('foo'),
      'Unknown layer "foo"; expected elu, tanh, relu, selu, gelu, silu, prelu, dense and 15 more.',
      'foo',
    ],
    [
      layer('conv2d: { channels: 8, kernel: [3] }'),
      'kernel must be a whole number of at least 1, or two: [height, width], found a list.',
      '[3]',
    ],
    [
      layer('conv2d: { channels: 8, padding: full }'),
      'padding must be same, valid or a number of pixels, found "full".',
      'full',
    ],
    [
      layer('maxPool: 0'),
      'maxPool must be a whole number of pixels, from 1 to 255, or a map such as { size: 3, stride: 2 }, found 0.',
      '0',
    ],
    [
      layer('dropout'),
      `dropout needs a value: expected ${RATE}, for example dropout: 0.5.`,
      'dropout',
    ],
    [layer('dropout: 1'), `dropout must be ${RATE}, found 1.`, '1'],
    [layer('dropout: { rate: 0.5 }'), `dropout must be ${RATE}, found a map.`, '{ rate: 0.5 }'],
    [
      layer('dropConnect: 0.5'),
      'dropConnect must be a map such as { units: 100, rate: 0.5 }, found 0.5.',
      '0.5',
    ],
    [
      layer('dropConnect: { rate: 0.5 }'),
      'The key "units" is missing: expected a whole number of at least 1.',
      'dropConnect',
    ],
    [
      layer('maxout: { units: 3, pieces: 1 }'),
      'pieces must be a whole number of at least 2, found 1.',
      '1',
    ],
    [
      layer('batchNorm: { momentum: 0 }'),
      'momentum must be a number above 0 and at most 1, found 0.',
      '0',
    ],
    [
      layer('batchNorm: 0.1'),
      'batchNorm must be a map such as { momentum: 0.1 }, found 0.1.',
      '0.1',
    ],
    [layer('prelu: { slope: 0.1 }'), 'Unknown key "slope"; expected start.', 'slope'],
    [layer('gelu: {}'), 'The layer gelu has no options: write only its name, gelu.', 'gelu'],
    [layer('dens: 3'), 'Unknown layer "dens"; did you mean "dense"?', 'dens'],
    [layer('dense'), `dense needs a value: expected ${DENSE}, for example dense: 100.`, 'dense'],
    [layer('dense:'), `dense must be ${DENSE}, found nothing.`, 'dense'],
    [layer('dense: abc'), `dense must be ${DENSE}, found "abc".`, 'abc'],
    [layer('dense: 0'), `dense must be ${DENSE}, found 0.`, '0'],
    [layer('dense: 2.5'), `dense must be ${DENSE}, found 2.5.`, '2.5'],
    [
      layer('dense: 1e10'),
      'dense must be a number of at most 1000000000, found 10000000000.',
      '1e10',
    ],
    [layer('dense: { unit: 3 }'), 'Unknown key "unit"; did you mean "units"?', 'unit'],
    [
      layer('dense: {}'),
      'The key "units" is missing: expected a whole number of at least 1.',
      'dense',
    ],
    [layer('dense: { units: 1, bias: yes }'), 'bias must be true or false, found "yes".', 'yes'],
    [layer('dense: { units: 1, init: hee }'), 'Unknown init "hee"; did you mean "he"?', 'hee'],
    [
      layer('dense: { units: 1, init: { normal: 0 } }'),
      'normal must be a number above 0, found 0.',
      '0',
    ],
    [
      layer('dense: 3\n      relu:'),
      'A layer has one key, found "dense" and "relu". Give each a list item (-) of its own.',
      'dense: 3\n      relu:',
    ],
    [
      layer('dense:\n      units: 3'),
      'A layer has one key, found "dense" and "units". Options go below dense, indented further.',
      'dense:\n      units: 3',
    ],
    [layer('relu: {}'), 'The layer relu has no options: write only its name, relu.', 'relu'],
    [
      layer('leakyRelu: { slope: x }'),
      'slope must be a number of at least 0 and below 1, found "x".',
      'x',
    ],
    [layer('7'), `The layer must be ${LAYER}, found 7.`, '7'],
    [layer(''), `The layer must be ${LAYER}, found nothing.`, '-'],
    [layer('[relu]'), `The layer must be ${LAYER}, found a list.`, '[relu]'],
    [layer('{}'), `The layer must be ${LAYER}, found a map.`, '{}'],
    // Values
    [`${BASE}optimizer: sdg`, 'Unknown optimizer "sdg"; did you mean "sgd"?', 'sdg'],
    [`${BASE}optimizer: { type: sdg }`, 'Unknown optimizer "sdg"; did you mean "sgd"?', 'sdg'],
    [
      `${BASE}optimizer: 3`,
      'The optimizer must be sgd, adam or a map such as { type: sgd, learningRate: 1e-2 }, found 3.',
      '3',
    ],
    [
      `${BASE}optimizer: { momentum: 0.9 }`,
      '"momentum" belongs to sgd: set type: sgd, or remove it.',
      'momentum',
    ],
    [
      `${BASE}optimizer: { type: sgd, nesterov: true }`,
      'nesterov needs a momentum above 0, for example momentum: 0.9.',
      'true',
    ],
    [
      `${BASE}schedule: { type: step, every: 0 }`,
      'every must be a whole number of at least 1, found 0.',
      '0',
    ],
    [
      `${BASE}schedule: { type: step, factor: 1 }`,
      'factor must be a number above 0 and below 1, found 1.',
      '1',
    ],
    [
      `${BASE}schedule: { type: exponential, rate: 0 }`,
      'rate must be a number above 0, found 0.',
      '0',
    ],
    [
      `${BASE}schedule: { type: plateau, patience: -1 }`,
      'patience must be a whole number of at least 0, found -1.',
      '-1',
    ],
    [
      `${BASE}schedule: { type: cosine, warmup: -1 }`,
      'warmup must be a number of at least 0, found -1.',
      '-1',
    ],
    [
      `${BASE}schedule: { type: cosine, period: 3 }`,
      '"period" belongs to cosineRestarts: set type: cosineRestarts, or remove it.',
      'period',
    ],
    [`${BASE}schedule: cosin`, 'Unknown schedule "cosin"; did you mean "cosine"?', 'cosin'],
    [
      `${BASE}schedule: { rate: 1 }`,
      '"rate" belongs to exponential: set type: exponential, or remove it.',
      'rate',
    ],
    [
      `${BASE}training: { earlyStop: 3 }`,
      'earlyStop must be a map such as { patience: 10 }, found 3.',
      '3',
    ],
    [`${BASE}training: { ema: 1 }`, 'ema must be a number above 0 and below 1, found 1.', '1'],
    [
      `${BASE}training: { checkpoint: { keep: 0 } }`,
      'keep must be a whole number of at least 1, found 0.',
      '0',
    ],
    [
      `data: { source: a.csv }\nmodel: { layers: [dense: 3], from: { layers: 1 } }`,
      'The key "checkpoint" is missing: expected the name of a file or of the folder of a run.',
      'from',
    ],
    [
      `data: { source: a.csv }\nmodel: { layers: [dense: 3], from: { checkpoint: a, layers: 2 } }`,
      'layers must be at most 1, the number of layers; found 2.',
      '2',
    ],
    [
      `data: { source: a.csv }\nmodel: { layers: [dense: 3], from: { checkpoint: a, freeze: 1 } }`,
      'freeze is 1, the number of layers: nothing would be trained. Freeze fewer.',
      '1',
    ],
    ...['0', '-1', '.nan', '.inf', 'abc', '"1e-3"', '[1]', 'true', '1e400'].map(
      (value): [string, string, string] => [
        `${BASE}optimizer: { learningRate: ${value} }`,
        `learningRate must be a number above 0, found ${
          { '.nan': 'NaN', '.inf': 'Infinity', '1e400': 'Infinity', abc: '"abc"', '[1]': 'a list' }[
            value
          ] ?? value
        }.`,
        value,
      ],
    ),
    [
      `${BASE}optimizer: { learningRate: }`,
      'learningRate must be a number above 0, found nothing.',
      'learningRate',
    ],
    ...['0', '1', '1.5', '-0.1', '.nan'].map((value): [string, string, string] => [
      `data: { source: a.csv, validation: ${value} }\nmodel: { layers: [dense: 3] }`,
      `validation must be a fraction above 0 and below 1, or a file name, found ${
        value === '.nan' ? 'NaN' : value
      }.`,
      value,
    ]),
    [
      `${BASE}training: { batchSize: 0 }`,
      'batchSize must be a whole number of at least 1, or full, found 0.',
      '0',
    ],
    [`${BASE}training: { batchSize: ful }`, 'Unknown batchSize "ful"; did you mean "full"?', 'ful'],
    [
      `${BASE}training: { epochs: 1.5 }`,
      'epochs must be a whole number of at least 1, found 1.5.',
      '1.5',
    ],
    [`${BASE}training: { seed: -1 }`, 'seed must be a whole number of at least 0, found -1.', '-1'],
    [
      `${BASE}training:`,
      'training must be a map such as { epochs: 10 }, found nothing.',
      'training',
    ],
    [
      `${BASE}gradientClip: {}`,
      'gradientClip needs either norm or value, for example { norm: 5 }.',
      '{}',
    ],
    [
      `${BASE}gradientClip: { norm: 5, value: 1 }`,
      'gradientClip needs either norm or value, for example { norm: 5 }.',
      '{ norm: 5, value: 1 }',
    ],
    [`${BASE}regularization: { maxNorm: 0 }`, 'maxNorm must be a number above 0, found 0.', '0'],
    [`${BASE}regularization: { l2: -1 }`, 'l2 must be a number of at least 0, found -1.', '-1'],
    [
      `${BASE}loss: mse`,
      'Unknown loss "mse"; expected softmaxCrossEntropy, binaryCrossEntropy, hinge, meanSquaredError or huber.',
      'mse',
    ],
    [
      `${BASE}loss: 3`,
      'loss must be softmaxCrossEntropy, meanSquaredError or another name, or a map such as { type: softmaxCrossEntropy, labelSmoothing: 0.1 }, found 3.',
      '3',
    ],
    [
      `${BASE}loss: { type: mse }`,
      'Unknown loss "mse"; expected softmaxCrossEntropy, binaryCrossEntropy, hinge, meanSquaredError or huber.',
      'mse',
    ],
    [
      `${BASE}loss: { labelSmoothing: 1 }`,
      'labelSmoothing must be a number of at least 0 and below 1, found 1.',
      '1',
    ],
    [`${BASE}loss: { type: huber, delta: 0 }`, 'delta must be a number above 0, found 0.', '0'],
    [
      `${BASE}loss: { type: hinge, delta: 2 }`,
      '"delta" belongs to huber: set type: huber, or remove it.',
      'delta',
    ],
    [
      `${BASE}loss: { type: huber, labelSmoothing: 0.1 }`,
      '"labelSmoothing" belongs to softmaxCrossEntropy: set type: softmaxCrossEntropy, or remove it.',
      'labelSmoothing',
    ],
    [
      `${BASE}loss: { classWeights: 2 }`,
      'classWeights must be balanced, a list such as [1, 5] or a map such as { cat: 1, dog: 5 }, found 2.',
      '2',
    ],
    [
      `${BASE}loss: { classWeights: balance }`,
      'Unknown classWeights "balance"; did you mean "balanced"?',
      'balance',
    ],
    [
      `${BASE}loss: { classWeights: [1, -2, 3] }`,
      'The item of classWeights must be a number above 0, found -2.',
      '-2',
    ],
    [
      `${BASE}loss: { classWeights: { cat: 1, dog: 0 } }`,
      'dog must be a number above 0, found 0.',
      '0',
    ],
    [
      `${BASE}loss: { classWeights: { cat: 1e10 } }`,
      'cat must be a number of at most 1000000000, found 10000000000.',
      '1e10',
    ],
    [`${BASE}mute: x`, 'mute must be a list of rule ids such as [overfitting], found "x".', 'x'],
    [
      `${BASE}optimizer: { type: lbfgs, memory: 1001 }\ntraining: { batchSize: full }`,
      'memory must be a number of at most 1000, found 1001.',
      '1001',
    ],
    // What does not go together
    [
      `${BASE}optimizer: lbfgs\ntraining: { batchSize: 32 }`,
      'lbfgs needs the gradient of all examples: set training.batchSize: full.',
      '32',
    ],
    [
      `${BASE}optimizer: { type: lbfgs, memory: 5 }\ntraining: { epochs: 3 }`,
      'lbfgs needs the gradient of all examples: set training.batchSize: full.',
      'training',
    ],
    [
      'data: { source: a.csv, task: regression }\nmodel: { layers: [dense: 3] }\nloss: softmaxCrossEntropy',
      'softmaxCrossEntropy needs classes, but the task is regression: use meanSquaredError or huber.',
      'softmaxCrossEntropy',
    ],
    [
      'data: { source: a.csv, task: regression }\nmodel: { layers: [dense: 3] }\nloss: { type: hinge }',
      'hinge needs classes, but the task is regression: use meanSquaredError or huber.',
      '{ type: hinge }',
    ],
    [
      'data: { source: a.csv, task: regression }\nmodel: { layers: [dense: 3] }\nloss: binaryCrossEntropy',
      'binaryCrossEntropy needs classes, but the task is regression: use meanSquaredError or huber.',
      'binaryCrossEntropy',
    ],
    [
      'data: { source: spiral, label: x }\nmodel: { layers: [dense: 3] }',
      '"label" is for files; the source "spiral" is a generator. Remove it.',
      'label',
    ],
    [
      'data: { source: a.csv, examples: 3 }\nmodel: { layers: [dense: 3] }',
      '"examples" is for generators (spiral, blobs, circles, moons, gaussian); the source "a.csv" is a file. Remove it, or use "limit" to take fewer examples.',
      'examples',
    ],
    [
      'data: { source: moons, classes: 3 }\nmodel: { layers: [dense: 3] }',
      'Moons are always 2 classes, found 3.',
      '3',
    ],
    // Syntax
    [
      'a: [1',
      'This is not valid YAML. A bracket is never closed: a "]" is missing, or what stands in it is not indented.',
      '1',
    ],
    [
      'data: source: a.csv',
      'This is not valid YAML. A value cannot hold another key on the same line: put it on a line of its own, or quote the value.',
      'source',
    ],
    [
      'data: { source: spiral }\nopt\n',
      'This is not valid YAML. A ":" is missing behind this key.',
      'opt',
    ],
    ['a:\n\tb: 1', 'This is not valid YAML. Lines are indented by spaces here, not by tabs.', '\t'],
    ['a: !!js/function x', 'A config is plain data: remove the tag !!js/function.', 'x'],
    ['a: *b', 'Nothing above is marked "&b", so *b means nothing.', '*b'],
    ['a: &a [*a]', 'The aliases (*) expand to more than 50000 values, or to themselves.', '*a'],
    ['['.repeat(1000), 'This is nested too deeply.', '['],
  ])('%j', (text, message, underlined) => {
    expect(faults(text)).toEqual([[message, underlined]]);
  });

  test.each<[text: string, message: string, underlined: string]>([
    ['{"a": 1,}', 'No comma may stand before "}".', ','],
    ['{"a": [1,]}', 'No comma may stand before "]".', ','],
    ['{a: 1}', 'A key in double quotes is expected here.', 'a'],
    ['{"a" 1}', 'A ":" is missing behind the key "a".', '1'],
    ['{"a": 1 "b": 2}', 'A "," or "}" is expected here.', '"'],
    ['{"a": 1', 'This bracket is never closed: a "}" is missing.', '{'],
    ['{"a": "b\n"}', 'The closing quote of this text is missing on its line.', '"b'],
    ['{"a": "\\q"}', 'Unknown escape in this text: write \\\\ for a backslash.', '"\\q"'],
    ["{'a': 1}", 'A key in double quotes is expected here.', "'a'"],
    ['{"a": relu}', 'Text must stand in double quotes.', 'relu'],
    ['{"a": 01}', 'This is no JSON number.', '01'],
    ['{"a": NaN}', 'Text must stand in double quotes.', 'NaN'],
    ['{"a": }', 'A value is missing here.', '}'],
    ['{} {}', 'Nothing may follow the closing brace.', '{'],
    ['{ // x\n}', 'A key in double quotes is expected here.', '//'],
  ])('JSON: %j', (text, message, underlined) => {
    expect(faults(text, 'a.json')).toEqual([[`This is not valid JSON. ${message}`, underlined]]);
  });

  test('an alias bomb', () => {
    const line = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of)}]\n`;
    const bomb =
      line('a', 'x') +
      ['b', 'c', 'd', 'e', 'f', 'g'].map((name, i) => line(name, `*${'abcdef'[i]}`)).join('');
    const [problem, ...rest] = faults(bomb);
    expect(rest).toEqual([]);
    expect(problem![0]).toContain('aliases');
  });

  test('several faults, each once, in the order of the text', () => {
    const text =
      'data: { sorce: a.csv }\nmodel: { layers: [rellu], init: 3 }\ntraining: { epochs: 0 }';
    expect(faults(text).map(([, underlined]) => underlined)).toEqual(['sorce', 'rellu', '3', '0']);
  });

  test('a file that is too long', () => {
    expect(faults(`# ${'x'.repeat(300_000)}`)[0]![0]).toContain('too long');
  });
});

describe('positions', () => {
  const text = `${BASE}    - relu\noptimizer: sgd\r\ntraining:\r\n  epochs: 5\r\n`;
  const parsed = parseConfig(text, 'a.yaml');
  const at = (path: (string | number)[], part: 'key' | 'value') => {
    const range = parsed.locate(path, part);
    return range && text.slice(range.start.offset, range.end.offset);
  };

  test('of keys and values', () => {
    expect(at(['training', 'epochs'], 'key')).toBe('epochs');
    expect(at(['training', 'epochs'], 'value')).toBe('5');
    expect(at(['model', 'layers', 0], 'key')).toBe('dense');
    expect(at(['model', 'layers', 0], 'value')).toBe('dense: 3');
    expect(at(['model', 'layers', 1], 'key')).toBe('relu');
    expect(at(['model', 'layers', 2], 'value')).toBe(null);
    expect(at(['optimizer', 'learningRate'], 'value')).toBe(null);
    expect(parsed.locate(['training', 'epochs'], 'value')!.start).toEqual({
      line: 7,
      character: 10,
      offset: text.indexOf('5'),
    });
  });

  test('of blocks, without the comments behind them', () => {
    const commented = `model: # the network
  layers:
    - dense: 100 # wide
    # a line between
    - dense: { units: 7 } # a comment

# and the rest
training:
  epochs: # how long
`;
    const blocks = parseConfig(commented, 'a.yaml');
    const underlined = (...path: (string | number)[]) => {
      const { start, end } = blocks.locate(path, 'value')!;
      return commented.slice(start.offset, end.offset);
    };
    expect(underlined('model', 'layers', 0)).toBe('dense: 100');
    expect(underlined('model', 'layers', 1)).toBe('dense: { units: 7 }');
    expect(underlined('model')).toMatch(/^layers:[\s\S]*\{ units: 7 \}$/);
    expect(underlined('training')).toBe('epochs:');
  });

  test('the nearest key above what the text does not have', () => {
    const near = parsed.locateNearest(['optimizer', 'learningRate'], 'value');
    expect(text.slice(near.start.offset, near.end.offset)).toBe('optimizer');
    expect(parsed.locateNearest(['regularization', 'l2'], 'key').start.offset).toBe(0);
  });

  test('back from an offset to the path', () => {
    expect(parsed.pathAt(text.indexOf('relu'))).toEqual(['model', 'layers', 1]);
    expect(parsed.pathAt(text.indexOf('dense') + 1)).toEqual(['model', 'layers', 0, 'dense']);
    expect(parsed.pathAt(text.indexOf('5'))).toEqual(['training', 'epochs']);
  });
});
