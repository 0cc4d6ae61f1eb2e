import fc from 'fast-check';
import { expect, test } from 'vitest';
import { completionsAt, hoverAt, parseConfig } from '../../../core/config/index.ts';

const YAML = `data: # where from
  source: digits.csv
  label: "digit"
  image: { height: 8, width: 8 }
  preprocess: [standardize]
model:
  layers:
    - dense: 100
    - relu
    - dense: &last
        units: 10
        init: { normal: 1e-2 }
    - leakyRelu: { slope: 0.1 }
optimizer: { type: sgd, learningRate: 1e-2, momentum: 0.9 }
training:
  epochs: 5
`;
const JSON_TEXT =
  '{\n  "data": { "source": "a.csv" },\n  "model": { "layers": [{ "dense": 3 }, "relu"] },\n  "training": { "epochs": 1e1 }\n}\n';

const scraps = fc.constantFrom(
  ...[
    '\n',
    ' ',
    '  ',
    ':',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '#',
    '"',
    "'",
    '&a ',
    '*a',
    '!!x ',
    '|',
    '>',
  ],
  ...[
    '\t',
    '\r\n',
    '\\',
    '%',
    '@',
    '`',
    '? ',
    '---\n',
    '...\n',
    '<<: *last',
    '\u0000',
    '\uFEFF',
    '‸',
    '😀',
  ],
  ...[
    'null',
    '.nan',
    '-1',
    '1e999',
    '__proto__: 1',
    'constructor',
    'dense',
    'relu: 3',
    'type: adam',
  ],
);
const changes = fc.array(
  fc.record({
    at: fc.nat(400),
    remove: fc.nat(12),
    put: fc.oneof(scraps, fc.string({ maxLength: 6 })),
  }),
  { minLength: 1, maxLength: 8 },
);

function mutate(text: string, list: { at: number; remove: number; put: string }[]): string {
  for (const { at, remove, put } of list) {
    const start = at % (text.length + 1);
    text = text.slice(0, start) + put + text.slice(start + remove);
  }
  return text;
}

test.each([
  ['a.train.yaml', YAML],
  ['a.train.json', JSON_TEXT],
  ['a.train.yaml', JSON_TEXT],
])('%s: whatever is typed, problems lie inside the text', (file, text) => {
  expect(parseConfig(text, file).problems).toEqual([]);
  fc.assert(
    fc.property(changes, (list) => {
      const broken = mutate(text, list);
      const { config, problems } = parseConfig(broken, file);
      expect(config === null).toBe(problems.length > 0);
      for (const { message, range } of problems) {
        expect(message).toMatch(/^\S.*[.?]$/s);
        expect(message).not.toContain('undefined');
        expect(range.start.offset).toBeGreaterThanOrEqual(0);
        expect(range.start.offset).toBeLessThanOrEqual(range.end.offset);
        expect(range.end.offset).toBeLessThanOrEqual(broken.length);
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['a.train.yaml', YAML],
  ['a.train.json', JSON_TEXT],
])('%s: hovers and completions never throw', (file, text) => {
  fc.assert(
    fc.property(changes, fc.nat(400), (list, at) => {
      const broken = mutate(text, list);
      const offset = at % (broken.length + 1);
      hoverAt(broken, file, offset);
      for (const { range } of completionsAt(broken, file, offset)) {
        expect(range.start.offset).toBeLessThanOrEqual(offset);
        expect(range.end.offset).toBeGreaterThanOrEqual(offset);
      }
    }),
    { numRuns: 300 },
  );
});

test('1,000 layers are read in well under a second', () => {
  const layers = '    - dense: { units: 10, init: he } # c\n    - relu\n'.repeat(500);
  const text = `data: { source: a.csv }\nmodel:\n  layers:\n${layers}`;
  const start = performance.now();
  expect(parseConfig(text, 'a.yaml').config!.model.layers).toHaveLength(1000);
  expect(performance.now() - start).toBeLessThan(2000);
});
