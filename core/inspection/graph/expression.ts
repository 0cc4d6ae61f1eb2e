import type { Span } from '../../config/source/node.ts';

export type Operator = '+' | '-' | '*' | '/' | '^';

/** A formula as it is written. */
export type Expression = { span: Span } & (
  | { kind: 'number'; value: number }
  | { kind: 'name'; name: string }
  | { kind: 'negative'; of: Expression }
  | { kind: 'operation'; operator: Operator; left: Expression; right: Expression }
  | { kind: 'call'; name: string; given: Expression[] }
);

/** `q = x + y`; the last of a text may have no name. */
export interface Statement {
  name: string | null;
  span: Span;
  expression: Expression;
}

/** What is wrong with a formula, and where. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

interface Token {
  kind: 'number' | 'name' | 'sign' | 'end';
  text: string;
  span: Span;
}

const LONGEST = 10_000;
/** Brackets in brackets: each costs the parser a few frames of its stack. */
const DEEPEST = 100;
const TOKEN =
  /[^\S\n]*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>\*\*|[-+*/^(),=;\n]))/y;
/** How strongly an operator holds what stands beside it; a sign before a value stands at 3. */
const STRENGTH: { [operator: string]: number } = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 };
const OF_SIGN = 3;

/**
 * Reads formulas, one a line or with `;` between them: + - * / ^, brackets, functions, and names for what
 * comes out. Ours, as its errors and its parts have to know their place in the text: the small libraries
 * for this tell where an error is, but not where a name is. Throws ExpressionError.
 */
export function parseExpression(text: string): Statement[] {
  return new Parser(tokensOf(text)).statements();
}

function tokensOf(text: string): Token[] {
  if (text.length > LONGEST)
    throw new ExpressionError(
      `This expression is too long: ${text.length} characters, at most ${LONGEST} are read.`,
      { start: 0, end: text.length },
    );
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (!found) {
      const start = at + /^[^\S\n]*/.exec(text.slice(at))![0].length;
      throw new ExpressionError(
        `"${[...text.slice(start)][0]}" has no meaning here. Expressions have numbers, names, + - * / ^ and brackets.`,
        { start, end: start + 1 },
      );
    }
    const { number, name, sign } = found.groups!;
    const written = (number ?? name ?? sign)!;
    const span = { start: TOKEN.lastIndex - written.length, end: TOKEN.lastIndex };
    const kind = number ? 'number' : name ? 'name' : 'sign';
    tokens.push({ kind, text: written === '**' ? '^' : written, span });
  }
  tokens.push({ kind: 'end', text: '', span: { start: Math.max(0, end - 1), end } });
  return tokens;
}

/** Recursive descent by the strength of operators. */
class Parser {
  readonly #tokens: Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    for (;;) {
      while (this.#takes(';') || this.#takes('\n')) {}
      if (this.#isAtEnd()) return statements;
      statements.push(this.#statement());
      if (!this.#isAtEnd() && !this.#takes(';') && !this.#takes('\n')) throw this.#unexpected();
    }
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #isAtEnd(): boolean {
    return this.#next.kind === 'end';
  }

  #takes(sign: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== 'sign' || text !== sign) return false;
    this.#at++;
    return true;
  }

  #statement(): Statement {
    const { kind, text, span } = this.#next;
    const after = this.#tokens[this.#at + 1];
    const isNamed = kind === 'name' && after?.kind === 'sign' && after.text === '=';
    if (isNamed) this.#at += 2;
    const expression = this.#expression(0);
    return { name: isNamed ? text : null, span: isNamed ? span : expression.span, expression };
  }

  /** As far as operators hold more strongly than this. */
  #expression(strength: number): Expression {
    if (++this.#depth > DEEPEST)
      throw new ExpressionError('This is nested too deeply.', this.#next.span);
    let left = this.#operand();
    for (;;) {
      const { kind, text } = this.#next;
      const own = kind === 'sign' ? STRENGTH[text] : undefined;
      if (own === undefined || own <= strength) break;
      this.#at++;
      // 2^3^2 is 2^(3^2); all others go from left to right.
      const right = this.#expression(text === '^' ? own - 1 : own);
      const span = { start: left.span.start, end: right.span.end };
      left = { kind: 'operation', operator: text as Operator, left, right, span };
    }
    this.#depth--;
    return left;
  }

  #operand(): Expression {
    const { kind, text, span } = this.#next;
    if (kind === 'number') {
      this.#at++;
      return { kind: 'number', value: Number(text), span };
    }
    if (kind === 'name') {
      this.#at++;
      return this.#takes('(') ? this.#call(text, span) : { kind: 'name', name: text, span };
    }
    if (this.#takes('-')) {
      const of = this.#expression(OF_SIGN);
      return { kind: 'negative', of, span: { start: span.start, end: of.span.end } };
    }
    if (this.#takes('+')) return this.#expression(OF_SIGN);
    if (this.#takes('(')) {
      const inner = this.#expression(0);
      const end = this.#close(span);
      return { ...inner, span: { start: span.start, end } };
    }
    throw this.#unexpected();
  }

  #call(name: string, { start, end }: Span): Expression {
    const given = [this.#expression(0)];
    while (this.#takes(',')) given.push(this.#expression(0));
    const bracket = { start: end, end: end + 1 };
    return { kind: 'call', name, given, span: { start, end: this.#close(bracket) } };
  }

  /** The end of the closing bracket. */
  #close(opened: Span): number {
    const { kind, span } = this.#next;
    if (this.#takes(')')) return span.end;
    if (kind === 'end' || this.#next.text === '\n' || this.#next.text === ';')
      throw new ExpressionError('This bracket is never closed: a ")" is missing.', opened);
    throw this.#unexpected();
  }

  #unexpected(): ExpressionError {
    const { kind, text, span } = this.#next;
    if (kind === 'end' || text === '\n' || text === ';') {
      const before = this.#tokens[this.#at - 1];
      return new ExpressionError('Something is missing behind this.', before?.span ?? span);
    }
    if (text === ')') return new ExpressionError('This bracket was never opened.', span);
    if (text === '=')
      return new ExpressionError(
        'Only a name can stand before "=", at the beginning of a line or behind ";".',
        span,
      );
    const what =
      kind === 'sign' ? `"${text}" cannot stand here` : `An operator is missing before "${text}"`;
    return new ExpressionError(`${what}.`, span);
  }
}
