import { describe, expect, it } from 'vitest';
import { parseGraphFile } from '../../../../core/inspection/graph/file.ts';

describe('the file of a graph', () => {
  it.each([
    ['a.graph.yaml', 'expression: x * y\nvalues: { x: 2, y: 3 }\n'],
    ['a.graph.yml', 'expression: "x * y"\nvalues:\n  x: 2\n  y: 3\n'],
    ['a.graph.json', '{ "expression": "x * y", "values": { "x": 2, "y": 3 } }'],
  ])('%s', (name, text) => {
    expect(parseGraphFile(text, name)).toEqual({
      file: { expression: 'x * y', values: { x: 2, y: 3 } },
      problems: [],
    });
  });

  /** What is wrong, and the part of the text that is underlined. */
  const problems = (text: string, name = 'a.graph.yaml') =>
    parseGraphFile(text, name).problems.map(({ message, range }) => [
      message,
      text.slice(range.start.offset, range.end.offset),
    ]);

  it.each([
    ['', 'This file is empty', ''],
    ['values: { x: 1 }', 'The key "expression" is missing: expected a formula', 'values: { x: 1 }'],
    ['expression: 3\n', 'expression must be a formula, for example (x + y) * z, found 3', '3'],
    ['expresion: x * y\n', 'Unknown key "expresion"; did you mean "expression"?', 'expresion'],
    ['expression: 2 * x\nvalues: { x: much }\n', 'x must be a number', 'much'],
    ['expression: 2 * x\nvalues: { x: .inf }\n', 'x must be', '.inf'],
    ['expression: 2 * x\nvalues: [1]\n', 'values must be a map', '[1]'],
    ['expression: x * y\nvalues: { x: 1 }\n', '"y" has no value', 'y'],
    ['expression: "x * y + z"\nvalues: { x: 1, z: 2 }\n', '"y" has no value', 'y'],
    ['expression: 2 * x\nvalues: { x: 1, z: 2 }\n', 'it does not mention it', 'z'],
    ['expression: q = 2 * x\nvalues: { x: 1, q: 2 }\n', 'it computes it itself', 'q'],
    ['expression: x @ 2\n', '"@" has no meaning here', '@'],
    ['expression: |\n  q = x + y\n  f = q * sinus(z)\n', 'no function "sinus"', 'sinus'],
    ["expression: 'x''s'\n", 'has no meaning here', "'x''s'"],
    ['expression: 2 * x\nvalues: { "a(": 1, x: 1 }\n', 'needs no value of "a("', '"a("'],
    ['expression: [\n', 'This is not valid YAML', ''],
  ])('%s', (text, message, underlined) => {
    const [first] = problems(text);
    expect(first![0]).toContain(message);
    if (underlined) expect(first![1]).toBe(underlined);
    expect(parseGraphFile(text, 'a.graph.yaml').file).toBeNull();
  });

  it('tells where in JSON a name stands', () => {
    const text = '{ "expression": "x * why", "values": { "x": 2 } }';
    expect(problems(text, 'a.graph.json')).toEqual([
      ['"why" has no value: add it to values.', 'why'],
    ]);
  });
});
