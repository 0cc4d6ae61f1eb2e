import { describe, expect, test } from 'vitest';
import { completionsAt, hoverAt, parseConfig } from '../../../core/config/index.ts';

/** A config with these lines below `sweep.parameters`, and more of the sweep behind them. */
const config = (parameters: string, more = '') => `data: { source: spiral }
model:
  layers: [dense: 100, relu, dropout: 0.3, dense: 3]
optimizer: { type: sgd, momentum: 0.9 }
sweep:
  parameters: ${parameters}
${more}`;

function faultsOf(text: string) {
  return parseConfig(text, 'a.train.yaml').problems.map(
    ({ message, path, range }) =>
      `${path.join('/')} «${text.slice(range.start.offset, range.end.offset)}» ${message}`,
  );
}

describe('what a sweep may search', () => {
  test.each([
    '{ optimizer.learningRate: { log: [1e-6, 1] } }',
    '{ regularization.l2: { log: [1e-5, 1e+5] }, optimizer.momentum: { uniform: [0, 0.99] } }',
    '{ model.layers.0.dense: { int: [10, 100] } }',
    '{ model.layers.0.dense: { log: [16, 1024] }, training.batchSize: { choice: [16, full] } }',
    '{ model.layers.1: { choice: [relu, tanh, leakyRelu] } }',
    '{ model.layers.0.dense.init: { choice: [he, { normal: 0.1 }] } }',
    '{ model.layers: { choice: [[dense: 3], [dense: 50, relu, dense: 3]] } }',
    '{ model.layers.0.dense: { int: [5, 9] }, model.layers: { choice: [[dense: 3, relu, dense: 3], [dense: 50, tanh, dense: 3]] } }',
    '{ optimizer: { choice: [adam, { type: sgd, learningRate: 0.1 }] } }',
    '{ data.preprocess: { choice: [[], [standardize]] } }',
  ])('%s', (parameters) => {
    expect(faultsOf(config(parameters))).toEqual([]);
  });

  test('each range says where its values come from', () => {
    const { sweep } = parseConfig(
      config(
        '{ optimizer.learningRate: { log: [1e-6, 1] }, model.layers.1: { choice: [relu, tanh] } }',
      ),
      'a.yaml',
    ).config!;
    expect(sweep).toMatchObject({
      parameters: {
        'optimizer.learningRate': { kind: 'log', low: 1e-6, high: 1 },
        'model.layers.1': { kind: 'choice', values: ['relu', 'tanh'] },
      },
      sampler: 'random',
      stopping: 'none',
      seeds: 1,
      executor: { type: 'threads' },
    });
  });
});

describe('bad input', () => {
  test.each<[parameters: string, expected: string]>([
    ['{}', 'sweep/parameters «{}» parameters is empty: name at least one key'],
    [
      '{ optimizer.learningrate: { log: [1e-6, 1] } }',
      'sweep/parameters/optimizer.learningrate «optimizer.learningrate» There is no key "learningrate" in optimizer; did you mean "learningRate"?',
    ],
    [
      '{ optimizer.learningRate: { log: [0, 1] } }',
      'sweep/parameters/optimizer.learningRate/log «[0, 1]» A log range needs ends above 0, found 0: no step of a factor leads there. Use a small number such as 1e-6, or uniform.',
    ],
    [
      '{ optimizer.learningRate: { log: [1, 1e-6] } }',
      'sweep/parameters/optimizer.learningRate/log «[1, 1e-6]» The range [1, 1e-6] is reversed: write the lower end first, [1e-6, 1].',
    ],
    [
      '{ model.layers.2.dropout: { uniform: [0.5, 0.5] } }',
      'sweep/parameters/model.layers.2.dropout/uniform «[0.5, 0.5]» The range [0.5, 0.5] is empty: its ends must differ.',
    ],
    [
      '{ model.layers.2.dropout: { uniform: [0.5] } }',
      'sweep/parameters/model.layers.2.dropout/uniform «[0.5]» uniform must be two numbers, the lower first, such as [0, 0.5], found 1.',
    ],
    [
      '{ model.layers.2.dropout: { uniform: [0, 2] } }',
      'sweep/parameters/model.layers.2.dropout/uniform «[0, 2]» With model.layers.2.dropout: 2 the config cannot be trained. dropout must be',
    ],
    [
      '{ model.layers.0.dense: { int: [1.5, 10] } }',
      'sweep/parameters/model.layers.0.dense/int «[1.5, 10]» int must be two whole numbers',
    ],
    [
      '{ model.layers.0.dense: { uniform: [1, 10] } }',
      'sweep/parameters/model.layers.0.dense/uniform «uniform» model.layers.0.dense takes whole numbers: use int: [1, 10], or log.',
    ],
    [
      '{ model.layers.9.dense: { int: [1, 10] } }',
      'sweep/parameters/model.layers.9.dense/int «[1, 10]» With model.layers.9.dense: 1 the config cannot be trained. The config has no model.layers.9',
    ],
    [
      '{ optimizer.beta1: { uniform: [0, 0.9] } }',
      'sweep/parameters/optimizer.beta1/uniform «[0, 0.9]» With optimizer.beta1: 0 the config cannot be trained. "beta1" belongs to adam',
    ],
    [
      '{ training.epochs: { int: [1, 10] } }',
      'sweep/parameters/training.epochs «training.epochs» training.epochs cannot be searched: the stages of the sweep set it.',
    ],
    [
      '{ model.layers.1: { choice: [relu] } }',
      'sweep/parameters/model.layers.1/choice «[relu]» choice must be a list of at least two values',
    ],
    [
      '{ model.layers.1: { choice: [relu, rellu] } }',
      'sweep/parameters/model.layers.1/choice «[relu, rellu]» With model.layers.1: rellu the config cannot be trained. Unknown layer "rellu"',
    ],
    [
      '{ optimizer.learningRate: { logarithmic: [1, 2] } }',
      'sweep/parameters/optimizer.learningRate/logarithmic «logarithmic» Unknown range "logarithmic"; expected log, uniform, int or choice.',
    ],
    [
      '{ optimizer.learningRate: 3 }',
      'sweep/parameters/optimizer.learningRate «3» range must be a map such as log',
    ],
    ['[1]', 'sweep/parameters «[1]» parameters must be a map'],
  ])('%s', (parameters, expected) => {
    const faults = faultsOf(config(parameters));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(expected);
  });

  test.each<[more: string, expected: string]>([
    ['  stages: []', 'sweep/stages «[]» stages must be a list such as'],
    ['  stages: [{ epochs: 2 }]', 'sweep/stages/0/trials'],
    ['  stages: [{ trials: 0 }]', 'sweep/stages/0/trials «0» trials must be a whole number'],
    [
      '  sampler: randon',
      'sweep/sampler «randon» Unknown sampler "randon"; did you mean "random"?',
    ],
    ['  seeds: 0', 'sweep/seeds «0» seeds must be'],
    ['  executor: { type: threads, maxParallel: 0 }', 'sweep/executor/maxParallel «0» maxParallel'],
  ])('%s', (more, expected) => {
    const [fault, ...others] = faultsOf(
      config('{ optimizer.learningRate: { log: [1e-6, 1] } }', more),
    );
    expect(others).toEqual([]);
    expect(fault).toContain(expected);
  });

  test('sobol has direction numbers for so many keys', () => {
    const layers = Array.from({ length: 22 }, () => 'dense: 3').join(', ');
    const keys = Array.from({ length: 22 }, (_, i) => `model.layers.${i}.dense: { int: [2, 9] }`);
    const text = `data: { source: spiral }
model: { layers: [${layers}] }
sweep:
  sampler: sobol
  parameters: { ${keys.join(', ')} }
`;
    expect(faultsOf(text)).toEqual([
      'sweep/sampler «sobol» sobol searches at most 21 keys, found 22: use random.',
    ]);
  });
});

describe('the editor knows the keys that can be searched', () => {
  const completed = (marked: string, file = 'a.train.yaml') => {
    const offset = marked.indexOf('|');
    return completionsAt(marked.replace('|', ''), file, offset);
  };

  test('each with a range that suits it', () => {
    const found = completed(config('\n    op|'));
    const inserted = Object.fromEntries(found.map(({ label, insertText }) => [label, insertText]));
    expect(inserted).toMatchObject({
      'optimizer.learningRate': String.raw`optimizer.learningRate: { log: [1e-4, 1] \}`,
      'optimizer.momentum': String.raw`optimizer.momentum: { uniform: [0, 0.5] \}`,
      'regularization.l2': String.raw`regularization.l2: { log: [1e-6, 0.01] \}`,
      'model.layers.0.dense': String.raw`model.layers.0.dense: { int: [25, 400] \}`,
      'model.layers.2.dropout': String.raw`model.layers.2.dropout: { uniform: [0, 0.5] \}`,
      'training.shuffle': String.raw`training.shuffle: { choice: [true, false] \}`,
    });
    for (const never of ['optimizer.beta1', 'training.epochs', 'training.seed', 'data.source'])
      expect(inserted).not.toHaveProperty([never]);
    // What is offered can stand there.
    for (const text of found.slice(0, 8).map(({ insertText }) => insertText.replaceAll('\\', '')))
      expect(faultsOf(config(`\n    ${text}`)), text).toEqual([]);
  });

  test('but not twice, and in JSON too', () => {
    const labels = completed(config('\n    optimizer.momentum: { uniform: [0, 0.9] }\n    |')).map(
      ({ label }) => label,
    );
    expect(labels).toContain('optimizer.learningRate');
    expect(labels).not.toContain('optimizer.momentum');
    const [first] = completed('{"sweep": {"parameters": {"optimizer.l|"}}}', 'a.train.json').filter(
      ({ label }) => label === 'optimizer.learningRate',
    );
    expect(first!.insertText).toBe(
      String.raw`"optimizer.learningRate": { "log": [0.00001, 0.1] \}`,
    );
  });

  test('and the ranges', () => {
    const labels = completed(config('{ optimizer.learningRate: | }')).map(({ label }) => label);
    expect(labels).toEqual(['log', 'uniform', 'int', 'choice']);
  });

  test('a hover tells what is searched', () => {
    const text = config('{ optimizer.learningRate: { log: [1e-6, 1] } }');
    const at = text.indexOf('learningRate');
    expect(hoverAt(text, 'a.yaml', at)!.markdown).toContain('Size of a step along the gradient');
    expect(hoverAt(text, 'a.yaml', text.indexOf('log:'))!.markdown).toContain('power of ten');
  });
});
