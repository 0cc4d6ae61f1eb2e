import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionError } from '../../../../core/inspection/graph/expression.ts';
import {
  type ExpressionGraph,
  expressionGraph,
  flowOf,
} from '../../../../core/inspection/graph/expression-graph.ts';
import { parseGraphFile } from '../../../../core/inspection/graph/file.ts';
import { gradientAlong, usesOf } from '../../../../core/inspection/graph/graph.ts';

const samples = join(import.meta.dirname, '../../../../extension/samples');

/** Value and gradient of every node, by its name. */
function numbers(text: string, given: Record<string, number>) {
  const { graph } = expressionGraph(text);
  const { values, gradients } = flowOf(graph, new Map(Object.entries(given)));
  return Object.fromEntries(
    graph.nodes.map(({ name }, i) => [name, [values[i]!, gradients[i]!]] as const),
  );
}

async function sample(name: string) {
  const file = `${name}.graph.yaml`;
  const { file: read, problems } = parseGraphFile(
    await readFile(join(samples, file), 'utf8'),
    file,
  );
  expect(problems).toEqual([]);
  return { ...read!, numbers: numbers(read!.expression, read!.values) };
}

describe('the circuits of the lectures', () => {
  it('f = (x + y) z: gradients −4, −4 and 3', async () => {
    expect((await sample('circuit')).numbers).toEqual({
      x: [-2, -4],
      y: [5, -4],
      q: [3, -4],
      z: [-4, 3],
      f: [-12, 1],
    });
  });

  it('the sigmoid: as the lecture rounds it', async () => {
    const { expression, values, numbers } = await sample('sigmoid');
    const rounded = Object.entries(numbers).map(([name, pair]) => [
      name,
      ...pair.map((value) => value.toFixed(2)),
    ]);
    expect(rounded).toEqual([
      ['w0', '2.00', '-0.20'],
      ['x0', '-1.00', '0.39'],
      ['q₁', '-2.00', '0.20'],
      ['w1', '-3.00', '-0.39'],
      ['x1', '-2.00', '-0.59'],
      ['q₂', '6.00', '0.20'],
      ['q₃', '4.00', '0.20'],
      ['w2', '-3.00', '0.20'],
      ['q₄', '1.00', '0.20'],
      ['q₅', '-1.00', '-0.20'],
      ['q₆', '0.37', '-0.53'],
      ['q₇', '1.37', '-0.53'],
      ['f', '0.73', '1.00'],
    ]);
    const { nodes } = expressionGraph(expression).graph;
    expect(nodes.flatMap(({ symbol }) => symbol || [])).toEqual([
      '×',
      '×',
      '+',
      '+',
      '×−1',
      'exp',
      '+1',
      '1/x',
    ]);
    // The whole in one gate: 0.73 · (1 − 0.73) = 0.20.
    const whole = numbersOfSigmoid(values);
    for (const name of Object.keys(values)) {
      expect(whole[name]![1]).toBeCloseTo(numbers[name]![1], 14);
    }
  });

  const numbersOfSigmoid = (values: Record<string, number>) =>
    numbers('sigmoid(w0 * x0 + w1 * x1 + w2)', values);
});

describe('gates', () => {
  it.each([
    ['x + y', { x: 2, y: 3 }, [5, 1, 1]],
    ['x - y', { x: 2, y: 3 }, [-1, 1, -1]],
    ['x * y', { x: 2, y: 3 }, [6, 3, 2]],
    ['x / y', { x: 6, y: 2 }, [3, 0.5, -1.5]],
    ['x ^ 3 + y', { x: 2, y: 0 }, [8, 12, 1]],
    ['max(x, y)', { x: 2, y: -1 }, [2, 1, 0]],
    ['max(x, y)', { x: 2, y: 2 }, [2, 1, 0]],
    ['min(x, y)', { x: 2, y: -1 }, [-1, 0, 1]],
    ['exp(x) + y', { x: 0, y: 1 }, [2, 1, 1]],
    ['log(x) * y', { x: 1, y: 3 }, [0, 3, 0]],
    ['sqrt(x) * y', { x: 4, y: 2 }, [4, 0.5, 2]],
    ['abs(x) + y', { x: -4, y: 2 }, [6, -1, 1]],
    ['relu(x) + y', { x: -4, y: 2 }, [2, 0, 1]],
    ['relu(x) + relu(y)', { x: 0, y: 2 }, [2, 0, 1]],
    ['tanh(x) + y', { x: 0, y: 2 }, [2, 1, 1]],
    ['sin(x) + cos(y)', { x: 0, y: 0 }, [1, 1, 0]],
    // used twice: the gradients of both ways add up
    ['x * x + y', { x: 3, y: 1 }, [10, 6, 1]],
    ['2 * x - 3 * (1 + y) / 2', { x: 1, y: 1 }, [-1, 2, -1.5]],
    ['-x ^ 2 + y', { x: 3, y: 0 }, [-9, -6, 1]],
    ['x ** 2 ** 0.5 * y', { x: 1, y: 1 }, [1, Math.SQRT2, 1]],
    ['2 ^ -1 * x * y', { x: 3, y: 1 }, [1.5, 0.5, 1.5]],
    ['max(0, x) + y', { x: -1, y: 1 }, [1, 0, 1]],
  ])('%s', (text, given, [value, ...gradients]) => {
    const { f, x, y } = numbers(text, given);
    expect(f![0]).toBeCloseTo(value!, 12);
    expect(x![1]).toBeCloseTo(gradients[0]!, 12);
    expect(y![1]).toBeCloseTo(gradients[1]!, 12);
  });

  it('passes NaN and infinities on as they are', () => {
    expect(numbers('x / y', { x: 1, y: 0 })).toMatchObject({
      f: [Number.POSITIVE_INFINITY, 1],
      x: [1, Number.POSITIVE_INFINITY],
      y: [0, Number.NEGATIVE_INFINITY],
    });
    expect(numbers('x / y', { x: 0, y: 0 }).f![0]).toBeNaN();
    expect(numbers('log(x)', { x: -1 }).f![0]).toBeNaN();
    expect(numbers('max(log(x), y)', { x: -1, y: 3 })).toMatchObject({
      f: [Number.NaN, 1],
      y: [3, Number.NaN],
    });
    expect(numbers('relu(x * y)', { x: Number.NaN, y: 1 }).x![1]).toBeNaN();
    expect(numbers('exp(x)', { x: 1000 }).x).toEqual([1000, Number.POSITIVE_INFINITY]);
  });
});

/** A formula, and values at which it is smooth. */
const formula: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('x', 'y', 'z', '2', '0.5'),
    fc
      .tuple(tie('any'), fc.constantFrom('+', '-', '*'), tie('any'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie('any').map((a) => `-${a}`),
    tie('any').map((a) => `1 / (2 + (${a})^2)`),
    fc
      .tuple(fc.constantFrom('sin', 'cos', 'tanh', 'sigmoid'), tie('any'))
      .map(([name, a]) => `${name}(${a})`),
    tie('any').map((a) => `exp(sin(${a}))`),
    tie('any').map((a) => `log(1 + sqrt(1 + (${a}) ^ 2))`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `max(${a}, ${b})`),
  ),
})).any;

describe('any formula', () => {
  const value = fc.double({ min: -1.5, max: 1.5, noNaN: true });

  it('has the gradients that small differences have', () => {
    fc.assert(
      fc.property(formula, value, value, value, (text, x, y, z) => {
        let graph: ExpressionGraph;
        try {
          ({ graph } = expressionGraph(text));
        } catch (error) {
          // of numbers alone, or nothing to compute
          expect(error).toBeInstanceOf(ExpressionError);
          return;
        }
        const given = new Map(Object.entries({ x, y, z }));
        const { gradients, values } = flowOf(graph, given);
        fc.pre(Array.from(values).every((each) => Math.abs(each) < 50));
        fc.pre(Array.from(gradients).every((each) => Math.abs(each) < 1e3));
        for (const [i, { name, symbol }] of graph.nodes.entries()) {
          if (symbol) continue;
          const at = (h: number) =>
            flowOf(graph, new Map(given).set(name, given.get(name)! + h)).values[graph.output]!;
          const slope = (from: number, to: number) => (at(to) - at(from)) / (to - from);
          // at the edge of a max there are two slopes
          const [left, right] = [slope(-1e-6, 0), slope(0, 1e-6)];
          if (Math.abs(right - left) > 1e-2 * (1 + Math.abs(left))) continue;
          const near = slope(-1e-5, 1e-5);
          expect(Math.abs(gradients[i]! - near)).toBeLessThan(1e-4 * (1 + Math.abs(near)));
        }
      }),
    );
  });

  it('sends to each value the sum of what its uses send', () => {
    fc.assert(
      fc.property(formula, value, value, value, (text, x, y, z) => {
        let graph: ExpressionGraph;
        try {
          ({ graph } = expressionGraph(text));
        } catch {
          return;
        }
        const flow = flowOf(graph, new Map(Object.entries({ x, y, z })));
        for (const [i, uses] of usesOf(graph).entries()) {
          for (const { node } of uses) expect(node).toBeGreaterThan(i);
          if (i === graph.output) continue;
          const sum = uses.reduce((all, { node, k }) => all + gradientAlong(flow, node, k), 0);
          expect(flow.gradients[i]).toBeCloseTo(sum, 6);
        }
      }),
    );
  });
});

describe('bad input', () => {
  it.each([
    ['', 'This is empty', 0, 0],
    ['(x + y', 'This bracket is never closed: a ")" is missing.', 0, 1],
    ['exp(x', 'This bracket is never closed: a ")" is missing.', 3, 4],
    ['x + y)', 'This bracket was never opened.', 5, 6],
    ['x +', 'Something is missing behind this.', 2, 3],
    ['x + * y', '"*" cannot stand here.', 4, 5],
    ['2 x', 'An operator is missing before "x".', 2, 3],
    ['x % y', '"%" has no meaning here', 2, 3],
    ['x + é', '"é" has no meaning here', 4, 5],
    ['sinus(x)', 'There is no function "sinus". Known are exp, log', 0, 5],
    ['x + exp', '"exp" is a function: write exp(x).', 4, 7],
    ['max(x)', 'max takes two or more values, found 1.', 0, 6],
    ['exp(x, y)', 'exp takes one value, found 2.', 0, 9],
    ['x ^ y', 'Only numbers can be exponents here', 4, 5],
    ['1 + 2', 'This has no names', 0, 5],
    ['x', 'Nothing is computed here', 0, 1],
    ['x + y\nx * y', 'Nothing is done with this', 0, 5],
    ['q = x + 1; q = x * q', '"q" has a value already', 11, 12],
    ['q = q + 1', '"q" has a value already', 0, 1],
    ['h = x * y; f = x + 1', '"h" is not used in what is computed last.', 0, 1],
    ['exp = x + 1', '"exp" is a function: choose another name.', 0, 3],
    ['x + 1 = y', 'Only a name can stand before "="', 6, 7],
    [`${'('.repeat(200)}x`, 'This is nested too deeply.', 100, 101],
    [`x${'+x'.repeat(400)}`, 'This has more than 300 gates', 0, 801],
    [`x${' '.repeat(20_000)}`, 'This expression is too long', 0, 20_001],
  ])('%s', (text, message, start, end) => {
    let error: unknown;
    try {
      expressionGraph(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ExpressionError);
    expect((error as ExpressionError).message).toContain(message);
    expect((error as ExpressionError).span).toEqual({ start, end });
  });

  it('never fails in another way, and points inside the text', () => {
    const pieces = fc.array(
      fc.constantFrom(...'xyz0123456789.+-*/^(),=;\n e'.split(''), 'exp(', 'max(', 'q = ', '%'),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        try {
          expressionGraph(text);
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          const { start, end } = error.span;
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
    );
  });
});
