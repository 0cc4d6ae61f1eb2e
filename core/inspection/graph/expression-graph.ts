import type { Span } from '../../config/source/node.ts';
import { type Expression, ExpressionError, parseExpression } from './expression.ts';
import {
  add,
  addConstant,
  FUNCTIONS,
  type Gate,
  max,
  min,
  multiply,
  multiplyByConstant,
  power,
  reciprocal,
} from './gates.ts';
import { type Flow, type Graph, type GraphNode, subscript } from './graph.ts';

/** The graph of a formula. */
export interface ExpressionGraph extends Graph {
  /** Of each node that is computed; null for what is given. */
  gates: readonly (Gate | null)[];
}

/** A name that a formula needs a value for, where it is first written. */
export interface GivenName {
  name: string;
  span: Span;
}

/** More of them nobody can look at. */
const MOST_GATES = 300;
const SEVERAL: { [name: string]: Gate } = { max, min };
const FUNCTION_NAMES = [...Object.keys(FUNCTIONS), ...Object.keys(SEVERAL)];

/**
 * Turns a formula into gates as one does by hand: numbers go into the gate that they stand beside (+1,
 * ×−1), a − b is a + (−1)·b, a / b is a · (1/b), and a name that is used twice is one node with two ways
 * out. Throws ExpressionError.
 */
export function expressionGraph(text: string): { graph: ExpressionGraph; given: GivenName[] } {
  const statements = parseExpression(text);
  const last = statements.at(-1);
  if (!last)
    throw new ExpressionError('This is empty. Write a formula, for example (x + y) * z.', {
      start: 0,
      end: text.length,
    });
  const builder = new Builder();
  for (const { name, span, expression } of statements) {
    if (name !== null) builder.assign(name, span, expression);
    else if (expression === last.expression) builder.result(expression);
    else
      throw new ExpressionError(
        'Nothing is done with this: give it a name, for example q = x + y.',
        span,
      );
  }
  return builder.finish();
}

/** The numbers in a graph for these values of the names in it: forward, then backward. */
export function flowOf(
  { nodes, output, gates }: ExpressionGraph,
  given: ReadonlyMap<string, number>,
): Flow {
  const values = new Float64Array(nodes.length);
  const gradients = new Float64Array(nodes.length);
  const locals: number[][] = nodes.map(() => []);
  for (const [i, { name, inputs }] of nodes.entries()) {
    const x = inputs.map((input) => values[input]!);
    const gate = gates[i];
    values[i] = gate ? gate.forward(x) : (given.get(name) ?? Number.NaN);
    locals[i] = gate ? gate.backward(x, values[i]!) : [];
  }
  gradients[output] = 1;
  // Backward, each node has heard from all that it goes into before it passes anything on.
  for (let i = nodes.length - 1; i >= 0; i--) {
    for (const [k, input] of nodes[i]!.inputs.entries())
      gradients[input]! += gradients[i]! * locals[i]![k]!;
  }
  return { values, gradients, locals };
}

/** A number that is known, or the index of a node. */
type Value = { constant: number } | { node: number };

class Builder {
  readonly #nodes: { gate: Gate | null; inputs: number[]; name: string }[] = [];
  readonly #names = new Map<string, Value>();
  readonly #given: GivenName[] = [];
  /** Names that the text computes, until they are used. */
  readonly #unused = new Map<string, Span>();
  #output: Value = { constant: 0 };
  #span: Span = { start: 0, end: 0 };

  assign(name: string, span: Span, expression: Expression): void {
    if (FUNCTION_NAMES.includes(name))
      throw new ExpressionError(`"${name}" is a function: choose another name.`, span);
    this.result(expression);
    if (this.#names.has(name))
      throw new ExpressionError(
        `"${name}" has a value already: give this one another name, or compute it first.`,
        span,
      );
    this.#names.set(name, this.#output);
    this.#unused.set(name, span);
    const node = 'node' in this.#output ? this.#nodes[this.#output.node]! : null;
    if (node?.gate) node.name ||= name;
  }

  result(expression: Expression): void {
    this.#span = expression.span;
    this.#output = this.#value(expression);
  }

  finish(): { graph: ExpressionGraph; given: GivenName[] } {
    const output = 'node' in this.#output ? this.#output.node : -1;
    if (output < 0)
      throw new ExpressionError(
        'This has no names, so there is nothing to change and no gradient.',
        this.#span,
      );
    if (!this.#nodes[output]!.gate)
      throw new ExpressionError('Nothing is computed here: write a formula.', this.#span);
    for (const [name, span] of this.#unused) {
      const value = this.#names.get(name)!;
      if (!('node' in value) || value.node !== output)
        throw new ExpressionError(`"${name}" is not used in what is computed last.`, span);
    }
    let unnamed = 0;
    const taken = (name: string) => this.#names.has(name);
    const names = this.#nodes.map(({ name }, i) => {
      if (name) return name;
      // No name of a text can be the same as q₁, q₂, …
      return i === output && !taken('f') ? 'f' : `q${subscript(++unnamed)}`;
    });
    let stage = 0;
    const nodes = this.#nodes.map(
      ({ gate, inputs }, i): GraphNode => ({
        symbol: gate?.symbol ?? '',
        name: names[i]!,
        inputs,
        formula: gate?.formula ?? (() => names[i]!),
        rules:
          gate?.rules(
            inputs.map((input) => names[input]!),
            names[i]!,
          ) ?? [],
        // A number stands there from the beginning.
        stage: inputs.length > 0 ? ++stage : 0,
      }),
    );
    const gates = this.#nodes.map(({ gate }) => gate);
    return { graph: { nodes, output, gates }, given: this.#given };
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return { constant: expression.value };
      case 'name':
        return this.#named(expression.name, expression.span);
      case 'negative':
        return this.#times({ constant: -1 }, this.#value(expression.of));
      case 'operation':
        return this.#operation(expression);
      case 'call':
        return this.#call(expression);
    }
  }

  #named(name: string, span: Span): Value {
    if (FUNCTION_NAMES.includes(name))
      throw new ExpressionError(`"${name}" is a function: write ${name}(x).`, span);
    this.#unused.delete(name);
    let value = this.#names.get(name);
    if (!value) {
      value = { node: this.#nodes.push({ gate: null, inputs: [], name }) - 1 };
      this.#names.set(name, value);
      this.#given.push({ name, span });
    }
    return value;
  }

  #operation({ operator, left, right }: Extract<Expression, { kind: 'operation' }>): Value {
    const a = this.#value(left);
    const b = this.#value(right);
    switch (operator) {
      case '+':
        return this.#plus(a, b);
      case '-':
        return this.#plus(a, this.#times({ constant: -1 }, b));
      case '*':
        return this.#times(a, b);
      case '/':
        if ('constant' in b && b.constant !== 0)
          return this.#times({ constant: 1 / b.constant }, a);
        return this.#times(a, this.#gate(reciprocal, b));
      case '^':
        if ('constant' in b) return this.#gate(power(b.constant), a);
        throw new ExpressionError(
          'Only numbers can be exponents here. Write exp(b * log(a)) for a^b.',
          right.span,
        );
    }
  }

  #call({ name, given, span }: Extract<Expression, { kind: 'call' }>): Value {
    const several = SEVERAL[name];
    const gate = several ?? FUNCTIONS[name];
    if (!gate)
      throw new ExpressionError(
        `There is no function "${name}". Known are ${FUNCTION_NAMES.join(', ')}.`,
        { start: span.start, end: span.start + name.length },
      );
    if (several ? given.length < 2 : given.length !== 1)
      throw new ExpressionError(
        `${name} takes ${several ? 'two or more values' : 'one value'}, found ${given.length}.`,
        span,
      );
    return this.#gate(gate, ...given.map((each) => this.#value(each)));
  }

  #plus(a: Value, b: Value): Value {
    if ('constant' in a === 'constant' in b) return this.#gate(add, a, b);
    const [constant, other] =
      'constant' in a ? [a.constant, b] : 'constant' in b ? [b.constant, a] : [0, a];
    return constant === 0 ? other : this.#gate(addConstant(constant), other);
  }

  #times(a: Value, b: Value): Value {
    if ('constant' in a === 'constant' in b) return this.#gate(multiply, a, b);
    const [constant, other] =
      'constant' in a ? [a.constant, b] : 'constant' in b ? [b.constant, a] : [1, a];
    return constant === 1 ? other : this.#gate(multiplyByConstant(constant), other);
  }

  /** A gate of numbers alone is a number; of some, they become values that cannot be changed. */
  #gate(gate: Gate, ...x: Value[]): Value {
    const constants = x.flatMap((value) => ('constant' in value ? [value.constant] : []));
    if (constants.length === x.length) return { constant: gate.forward(constants) };
    const inputs = x.map((value) =>
      'node' in value ? value.node : this.#constant(value.constant),
    );
    const node = this.#nodes.push({ gate, inputs, name: '' }) - 1;
    if (node >= MOST_GATES)
      throw new ExpressionError(
        `This has more than ${MOST_GATES} gates: nobody can follow them all.`,
        this.#span,
      );
    return { node };
  }

  /** `max(0, x)`: the 0 is a node of its own. */
  #constant(value: number): number {
    const gate: Gate = {
      symbol: `${value}`,
      formula: () => `${value}`,
      forward: () => value,
      backward: () => [],
      rules: () => [],
    };
    return this.#nodes.push({ gate, inputs: [], name: `${value}` }) - 1;
  }
}
