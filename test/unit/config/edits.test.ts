import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyEdits, overrideEdit, replaceAll } from '../../../core/config/index.ts';
import type { ConfigPath, Edit, Json } from '../../../core/events/finding.ts';

const apply = (text: string, edits: Edit[], file = 'a.train.yaml') =>
  replaceAll(text, applyEdits(text, file, edits));
const set = (path: ConfigPath, value: Json | undefined): Edit => ({ path, value });

const YAML = `# top
data:
  source: 'a.csv'   # where from
  label: "x"
model:
  # the layers
  layers:
    # first
    - dense: 3   # three
    - relu
    - dense: # big
        units: 4
        # how it starts
        init: he
    - leakyRelu: { slope: 0.1 }
  init: he
optimizer: sgd # opt
training: {
  epochs: 5, # few
  batchSize: 8 # small
}
mute: [a, b]

# end
`;

const JSON_TEXT = `{
  "data": { "source": "a.csv" },
  "model": {
    "layers": [
      { "dense": 3 },
      "relu"
    ]
  },
  "training": {
    "epochs": 5
  }
}
`;

describe('an edit changes only what it must', () => {
  test.each<[name: string, edits: Edit[], before: string, after: string]>([
    ['a scalar', [set(['data', 'label'], 'y')], '"x"', '"y"'],
    ['quotes stay', [set(['data', 'source'], "it's.csv")], "'a.csv'", "'it''s.csv'"],
    ['a small number', [set(['model', 'layers', 3, 'leakyRelu', 'slope'], 1e-4)], '0.1', '1e-4'],
    [
      'a shorthand that has to say more',
      [set(['optimizer', 'learningRate'], 1e-3)],
      'optimizer: sgd #',
      'optimizer: { type: sgd, learningRate: 1e-3 } #',
    ],
    [
      'a shorthand as such',
      [set(['optimizer', 'type'], 'adam')],
      'optimizer: sgd',
      'optimizer: adam',
    ],
    ['units in short form', [set(['model', 'layers', 0, 'dense', 'units'], 5)], '3 ', '5 '],
    [
      'options of a short form',
      [set(['model', 'layers', 0, 'dense', 'init'], { normal: 0.5 })],
      'dense: 3 ',
      'dense: { units: 3, init: { normal: 0.5 } } ',
    ],
    [
      'options of a bare name',
      [set(['model', 'layers', 1, 'leakyRelu', 'slope'], 0.5)],
      '- relu',
      '- { leakyRelu: { slope: 0.5 } }',
    ],
    [
      'a new key in a block',
      [set(['model', 'biasInit'], 1)],
      '  init: he\noptim',
      '  init: he\n  biasInit: 1\noptim',
    ],
    [
      'a new key in a block in a list',
      [set(['model', 'layers', 2, 'dense', 'bias'], false)],
      '        init: he\n',
      '        init: he\n        bias: false\n',
    ],
    [
      'a new key in braces over several lines',
      [set(['training', 'seed'], 2)],
      '  batchSize: 8 # small\n}',
      '  batchSize: 8, # small\n  seed: 2\n}',
    ],
    [
      'a new section',
      [set(['regularization', 'l2'], 1e-4)],
      'mute: [a, b]\n',
      'mute: [a, b]\nregularization:\n  l2: 1e-4\n',
    ],
    ['a removed key', [set(['model', 'init'], undefined)], '  init: he\noptim', 'optim'],
    [
      'a removed key with its comment',
      [set(['optimizer'], undefined)],
      'optimizer: sgd # opt\n',
      '',
    ],
    ['a removed item', [set(['model', 'layers', 1], undefined)], '    - relu\n', ''],
    ['a removed item in brackets', [set(['mute', 0], undefined)], '[a, b]', '[b]'],
    [
      'an item at the end',
      [set(['model', 'layers', 4], { dense: 10 })],
      'slope: 0.1 }\n',
      'slope: 0.1 }\n    - dense: 10\n',
    ],
    [
      'an item in the middle, by the whole list',
      [set(['mute'], ['a', 'c', 'b'])],
      '[a, b]',
      '[a, c, b]',
    ],
    ['nothing, where it is so already', [set(['optimizer'], 'sgd')], 'sgd', 'sgd'],
    ['nothing, where there is nothing', [set(['loss'], undefined)], 'sgd', 'sgd'],
  ])('%s', (_name, edits, before, after) => {
    expect(apply(YAML, edits)).toBe(YAML.replace(before, after));
  });

  test('several at once, as replacements of the original text', () => {
    const edits = [
      set(['optimizer'], { type: 'sgd' }),
      set(['optimizer', 'momentum'], 0.9),
      set(['data', 'label'], 'y'),
      set(['optimizer', 'momentum'], 0.5),
    ];
    const replacements = applyEdits(YAML, 'a.yaml', edits);
    expect(replacements.map(({ text }) => text)).toEqual(['"y"', '{ type: sgd, momentum: 0.5 }']);
    expect(replaceAll(YAML, replacements)).toContain(
      'optimizer: { type: sgd, momentum: 0.5 } # opt',
    );
  });

  test('JSON stays JSON', () => {
    expect(apply(JSON_TEXT, [set(['training', 'seed'], 3)], 'a.json')).toBe(
      JSON_TEXT.replace('"epochs": 5', '"epochs": 5,\n    "seed": 3'),
    );
    expect(apply(JSON_TEXT, [set(['model', 'layers', 1], 'tanh')], 'a.json')).toBe(
      JSON_TEXT.replace('"relu"', '"tanh"'),
    );
    expect(apply(JSON_TEXT, [set(['model', 'layers', 0], undefined)], 'a.json')).toBe(
      JSON_TEXT.replace('{ "dense": 3 },\n      ', ''),
    );
    expect(apply('', [set(['training', 'epochs'], 3)], 'a.json')).toBe(
      '{ "training": { "epochs": 3 } }',
    );
  });

  test('an empty text, an empty section, Windows line ends', () => {
    expect(apply('', [set(['a', 'b'], 1)])).toBe('a:\n  b: 1\n');
    expect(apply('# c', [set(['a', 'b'], 1)])).toBe('# c\na:\n  b: 1\n');
    expect(apply('optimizer: # o\nx: 1', [set(['optimizer', 'learningRate'], 1)])).toBe(
      'optimizer: # o\n  learningRate: 1\nx: 1',
    );
    expect(apply('a:\r\n    b: 1\r\n', [set(['a', 'c'], 2), set(['d', 'e'], 3)])).toBe(
      'a:\r\n    b: 1\r\n    c: 2\r\nd:\r\n    e: 3\r\n',
    );
  });

  test('an alias is written out before it differs', () => {
    const text = 'a: &a { b: 1 }\nc: *a\n';
    expect(apply(text, [set(['c', 'b'], 2)])).toBe('a: &a { b: 1 }\nc: { b: 2 }\n');
  });

  test('a broken text and a path that leads nowhere are refused', () => {
    expect(() => apply('a: [1', [set(['a'], 1)])).toThrow(
      'cannot be edited before its text is mended',
    );
    expect(() => apply(YAML, [set(['model', 'layers', 9], 'relu')])).toThrow('no model.layers.9');
  });
});

describe('any edit of any place', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'relu',
      'a b',
      'true',
      '1e3',
      '- x',
      'a: b',
      '#c',
      "it's",
      '',
      ' x',
      'null',
      '~',
      '日本',
      '"',
      '\\',
      'a\nb',
      '---',
    ),
    fc.string(),
  );
  const plain = fc.oneof(
    word,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.integer(),
  );
  const key = fc.constantFrom('a', 'units', 'x y', 'type', 'l2');
  const value: fc.Arbitrary<Json> = fc.oneof(
    plain,
    fc.array(plain, { maxLength: 3 }),
    fc.dictionary(key, fc.oneof(plain, fc.array(plain, { maxLength: 2 })), { maxKeys: 3 }),
    fc.array(fc.dictionary(key, plain, { minKeys: 1, maxKeys: 2 }), { minLength: 1, maxLength: 3 }),
  );
  const PATHS: ConfigPath[] = [
    ['data', 'source'],
    ['data', 'limit'],
    ['data'],
    ['model', 'layers'],
    ['model', 'layers', 0],
    ['model', 'layers', 1],
    ['model', 'layers', 0, 'dense'],
    ['training'],
    ['training', 'epochs'],
    ['training', 'batchSize'],
    ['training', 'seed'],
    ['loss'],
    ['new', 'deep', 'key'],
    ['model'],
  ];
  const path = fc.constantFrom(...PATHS);

  test.each([
    ['a.yaml', YAML],
    ['a.json', JSON_TEXT],
  ])('%s: gives the value, and the rest stays', (file, text) => {
    const read = (from: string) => (file === 'a.json' ? JSON.parse(from) : parse(from)) as Json;
    fc.assert(
      fc.property(path, value, (at, wanted) => {
        const edited = apply(text, [set(at, wanted)], file);
        expect(read(edited)).toEqual(withValue(read(text), at, wanted));
        // Comments outside of what was replaced stay; so do all other sections, line by line.
        const section = new RegExp(`^(?!  ?"?${at[0]}"?:)["\\w].*$`, 'gm');
        for (const line of text.match(section) ?? []) {
          if (!/[{[]$/.test(line)) expect(edited).toContain(line);
        }
        if (file === 'a.yaml')
          for (const comment of ['# top', '# end', '# opt']) expect(edited).toContain(comment);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['a.yaml', YAML],
    ['a.json', JSON_TEXT],
  ])('%s: sequences of edits equal one edit after the other', (file, text) => {
    const edit = fc.record({ path, value: fc.option(value, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 5 }), (edits) => {
        let expected = text;
        try {
          for (const each of edits) expected = apply(expected, [each], file);
        } catch {
          expect(() => apply(text, edits, file)).toThrow();
          return;
        }
        expect(apply(text, edits, file)).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });
});

/** The same value with another at this path. */
function withValue(root: Json, path: ConfigPath, value: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    return (root as Json[]).map((item, index) =>
      index === step ? withValue(item, rest, value) : item,
    );
  }
  const map = (root ?? {}) as { [key: string]: Json };
  return { ...map, [step]: withValue(map[step] ?? {}, rest, value) };
}

describe('what is removed takes its own comment along, and no other', () => {
  const flow = `training: {
  epochs: 5, # few
  # how many at once
  batchSize: 8, # small
  # for the dice
  seed: 1 # any
}
`;
  const list = `model:
  layers:
    - dense:
        units: 4
    - units: 4 # big
      # how it starts
      init: he
`;
  test.each<[name: string, path: ConfigPath, text: string, before: string, after: string]>([
    ['the first in brackets', ['training', 'epochs'], flow, '  epochs: 5, # few\n', ''],
    ['one in the middle', ['training', 'batchSize'], flow, '  batchSize: 8, # small\n', ''],
    ['the last', ['training', 'seed'], flow, '  seed: 1 # any\n', ''],
    [
      'the first beside a dash',
      ['model', 'layers', 1, 'units'],
      list,
      '- units: 4 # big\n      #',
      '- #',
    ],
    [
      'the only key of a block',
      ['model', 'layers', 0, 'dense', 'units'],
      list,
      'dense:\n        units: 4\n',
      'dense: {}\n',
    ],
    ['the only item of a block', ['mute', 0], 'mute:\n  - a\n', 'mute:\n  - a', 'mute: []'],
    ['the only key of all', ['mute'], '# top\nmute: []\n', 'mute: []\n', ''],
    [
      'with its comma on the next line',
      ['training', 'epochs'],
      'training: {epochs: 5 # few\n  # x\n  , seed: 1}\n',
      'epochs: 5 # few\n  # x\n  , ',
      '',
    ],
  ])('%s', (_name, path, text, before, after) => {
    const edited = apply(text, [set(path, undefined)]);
    expect(edited).toBe(text.replace(before, after));
    expect(parse(edited) ?? {}).toEqual(removed(parse(text), path));
  });
});

test('whatever is removed, the rest says the same, line endings aside', () => {
  const texts = [YAML, JSON_TEXT, YAML.replaceAll('\n', '\r\n')];
  for (const text of texts) {
    for (const path of pathsOf(parse(text))) {
      const edited = apply(text, [set(path, undefined)]);
      expect(parse(edited), `${path.join('.')} of ${text}`).toEqual(removed(parse(text), path));
    }
  }
});

function pathsOf(value: Json): ConfigPath[] {
  if (typeof value !== 'object' || value === null) return [];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => {
    const inner = (value as { [key: string | number]: Json })[step]!;
    return [[step], ...pathsOf(inner).map((rest) => [step, ...rest])];
  });
}

/** The same value without what is at this path. */
function removed(root: Json, [step, ...rest]: ConfigPath): Json {
  if (Array.isArray(root)) {
    return root.flatMap((item, index) =>
      index !== step ? [item] : rest.length > 0 ? [removed(item, rest)] : [],
    );
  }
  return Object.fromEntries(
    Object.entries(root as { [key: string]: Json }).flatMap(([key, item]) =>
      key !== step ? [[key, item]] : rest.length > 0 ? [[key, removed(item, rest)]] : [],
    ),
  );
}

describe('--set', () => {
  test.each<[string, ConfigPath, Json]>([
    ['optimizer.learningRate=1e-3', ['optimizer', 'learningRate'], 1e-3],
    ['model.layers.2=relu', ['model', 'layers', 2], 'relu'],
    ['model.layers.0.dense.units=5', ['model', 'layers', 0, 'dense', 'units'], 5],
    ['optimizer={type: sgd}', ['optimizer'], { type: 'sgd' }],
    ['data.source=a=b.csv', ['data', 'source'], 'a=b.csv'],
  ])('%s', (text, path, value) => {
    expect(overrideEdit(text)).toEqual({ path, value });
    expect(() => apply(YAML, [overrideEdit(text)])).not.toThrow();
  });

  test.each([
    ['x', 'sets nothing: expected path=value'],
    ['=3', 'sets nothing'],
    ['training.epoch=3', 'There is no key "epoch" in training; did you mean "epochs"?'],
    [
      'lr=3',
      'There is no key "lr" in a config; expected data, model, loss, optimizer, schedule, regularization, gradientClip, training, inspect, sweep, ensemble or mute.',
    ],
    ['__proto__.x=3', 'There is no key "__proto__" in a config'],
    ['model.layers.x=3', 'expected the number of an item'],
    ['training.epochs=', 'no value'],
    ['training.epochs=[', 'cannot be read'],
  ])('%s is refused', (text, message) => {
    expect(() => overrideEdit(text)).toThrow(message);
  });
});
