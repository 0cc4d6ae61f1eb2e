import * as z from 'zod';
import { shapeOf } from '../../config/json-schema.ts';
import { type Problem, parseText } from '../../config/parse.ts';
import { Lines } from '../../config/source/lines.ts';
import type { Span } from '../../config/source/node.ts';
import { ExpressionError, parseExpression } from './expression.ts';
import { expressionGraph, type GivenName } from './expression-graph.ts';

/** What a `*.graph.yaml` or `*.graph.json` file holds. */
const schema = z.strictObject({
  expression: z.string().meta({
    description: 'One formula a line, or `;` between them; the last is what is computed.',
    examples: ['(x + y) * z', 'q = x + y; f = q * z'],
    expected: 'a formula, for example (x + y) * z',
  }),
  values: z
    .record(z.string(), z.number())
    .default({})
    .meta({
      description: 'A number for each name that the expression does not compute itself.',
      examples: [{ x: -2, y: 5, z: -4 }],
      expected: 'a map of names and their numbers',
    }),
});

/** A formula that can be computed, and its values. */
export type GraphFile = z.output<typeof schema>;

const LANGUAGE = {
  schema,
  shape: shapeOf(schema),
  empty:
    'This file is empty. It needs expression, for example (x + y) * z, and values for its names.',
};

/** Reads a file of a computational graph; `.json` as JSON, others as YAML. Never throws. */
export function parseGraphFile(
  text: string,
  fileName: string,
): { file: GraphFile | null; problems: Problem[] } {
  const { value: file, problems, locateNearest } = parseText(text, fileName, LANGUAGE);
  if (!file) return { file: null, problems };
  const lines = new Lines(text);
  const complain = (message: string, path: string[], range: Problem['range']) =>
    problems.push({ message, path, range, severity: 'error' });
  const inExpression = (span: Span) => {
    const { start, end } = locateNearest(['expression'], 'value');
    const place = { start: start.offset, end: end.offset };
    return lines.range(
      spanInside(text.slice(place.start, place.end), file.expression, span, place),
    );
  };
  let given: GivenName[] = [];
  try {
    given = expressionGraph(file.expression).given;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    complain(error.message, ['expression'], inExpression(error.span));
    return { file: null, problems };
  }
  for (const { name, span } of given) {
    if (!Object.hasOwn(file.values, name))
      complain(`"${name}" has no value: add it to values.`, ['expression'], inExpression(span));
  }
  const computed = parseExpression(file.expression).map(({ name }) => name);
  for (const name of Object.keys(file.values)) {
    if (given.some((each) => each.name === name)) continue;
    const why = computed.includes(name) ? 'computes it itself' : 'does not mention it';
    const message = `The expression needs no value of "${name}": it ${why}.`;
    complain(message, ['values', name], locateNearest(['values', name], 'key'));
  }
  return { file: problems.length === 0 ? file : null, problems };
}

/**
 * Where a part of a text value stands in the file: in a plain or quoted value, or in a line of a block.
 * What is written with escapes or folded is told as a whole.
 */
function spanInside(written: string, value: string, { start, end }: Span, whole: Span): Span {
  const inLine = (source: string, line: string, from: number, at: number): Span | null => {
    const place = source.indexOf(line);
    if (place < 0) return null;
    const length = Math.min(end - start, line.length - at);
    return { start: from + place + at, end: from + place + at + length };
  };
  const simple = inLine(written, value.trimEnd(), whole.start, start);
  if (simple) return simple;
  const before = value.slice(0, start).split('\n');
  const index = before.length - 1;
  const line = value.split('\n')[index]!;
  const sources = written.split('\n');
  // The first line of a block is its header: | or >.
  const from = sources.slice(0, index + 1).reduce((sum, each) => sum + each.length + 1, 0);
  return inLine(sources[index + 1] ?? '', line, whole.start + from, before[index]!.length) ?? whole;
}
