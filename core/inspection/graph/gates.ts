/** One kind of node in a computational graph: what it does forward and backward. */
export interface Gate {
  /** What is written in the node. */
  symbol: string;
  /** The formula, of the names or the numbers that go in. */
  formula(x: readonly string[]): string;
  forward(x: readonly number[]): number;
  /** ∂y/∂xₖ of each input: the local gradients. */
  backward(x: readonly number[], y: number): number[];
  /** The same as formulas, of the names of the inputs and of y. */
  rules(x: readonly string[], y: string): string[];
}

/** y = a + b: passes its gradient on to both. */
export const add: Gate = {
  symbol: '+',
  formula: ([a, b]) => `${a} + ${b}`,
  forward: ([a, b]) => a! + b!,
  backward: () => [1, 1],
  rules: () => ['1', '1'],
};

/** y = a · b: each gets the gradient times the other. */
export const multiply: Gate = {
  symbol: '×',
  formula: ([a, b]) => `${a} · ${b}`,
  forward: ([a, b]) => a! * b!,
  backward: ([a, b]) => [b!, a!],
  rules: ([a, b]) => [b!, a!],
};

/** y = c + x */
export const addConstant = (c: number): Gate => ({
  symbol: c < 0 ? `−${-c}` : `+${c}`,
  formula: ([x]) => (c < 0 ? `${x} − ${-c}` : `${x} + ${c}`),
  forward: ([x]) => x! + c,
  backward: () => [1],
  rules: () => ['1'],
});

/** y = c · x */
export const multiplyByConstant = (c: number): Gate => ({
  symbol: `×${signed(c)}`,
  formula: ([x]) => `${signed(c)} · ${x}`,
  forward: ([x]) => c * x!,
  backward: () => [c],
  rules: () => [signed(c)],
});

/** y = 1 / x, ∂y/∂x = −1 / x² */
export const reciprocal: Gate = {
  symbol: '1/x',
  formula: ([x]) => `1 / ${x}`,
  forward: ([x]) => 1 / x!,
  backward: ([x]) => [-1 / (x! * x!)],
  rules: ([x]) => [`−1/${x}²`],
};

/** y = xᶜ, ∂y/∂x = c · xᶜ⁻¹ */
export const power = (c: number): Gate => ({
  symbol: `x^${signed(c)}`,
  formula: ([x]) => `${x}^${signed(c)}`,
  forward: ([x]) => x! ** c,
  backward: ([x]) => [c === 0 ? 0 : c * x! ** (c - 1)],
  rules: ([x]) => [c === 2 ? `2·${x}` : `${signed(c)}·${x}^${signed(c - 1)}`],
});

/** y = max(a, b, …): the gradient goes to the largest alone, the first of equal ones. */
export const max = extreme('max', (a, b) => a > b);
export const min = extreme('min', (a, b) => a < b);

function extreme(symbol: 'max' | 'min', wins: (a: number, b: number) => boolean): Gate {
  return {
    symbol,
    formula: (x) => `${symbol}(${x.join(', ')})`,
    forward: (x) => Math[symbol](...x),
    backward: (x, y) => {
      if (Number.isNaN(y)) return x.map(() => Number.NaN);
      const winner = x.reduce((best, value, k) => (wins(value, x[best]!) ? k : best), 0);
      return x.map((_, k) => (k === winner ? 1 : 0));
    },
    rules: (x) =>
      x.map((name) => `1 if ${name} is the ${symbol === 'max' ? 'largest' : 'smallest'}, else 0`),
  };
}

/** Functions of one value, by the name that expressions call them by. */
export const FUNCTIONS: { [name: string]: Gate } = {
  exp: ofOne(
    'exp',
    Math.exp,
    (_, y) => y,
    (_, y) => y,
  ),
  log: ofOne(
    'log',
    Math.log,
    (x) => 1 / x,
    (x) => `1/${x}`,
  ),
  sqrt: ofOne(
    '√',
    Math.sqrt,
    (_, y) => 0.5 / y,
    (_, y) => `1/(2·${y})`,
  ),
  abs: ofOne('|x|', Math.abs, Math.sign, (x) => `sign of ${x}`),
  sin: ofOne('sin', Math.sin, Math.cos, (x) => `cos(${x})`),
  cos: ofOne(
    'cos',
    Math.cos,
    (x) => -Math.sin(x),
    (x) => `−sin(${x})`,
  ),
  tanh: ofOne(
    'tanh',
    Math.tanh,
    (_, y) => 1 - y * y,
    (_, y) => `1 − ${y}²`,
  ),
  /** σ(x) = 1 / (1 + e⁻ˣ), ∂σ/∂x = σ (1 − σ) */
  sigmoid: ofOne(
    'σ',
    (x) => 1 / (1 + Math.exp(-x)),
    (_, y) => y * (1 - y),
    (_, y) => `${y}·(1 − ${y})`,
  ),
  relu: ofOne(
    'relu',
    (x) => (x < 0 ? 0 : x),
    (x) => (x > 0 ? 1 : Number.isNaN(x) ? x : 0),
    (x) => `1 if ${x} > 0, else 0`,
  ),
};

function ofOne(
  symbol: string,
  forward: (x: number) => number,
  derivative: (x: number, y: number) => number,
  rule: (x: string, y: string) => string,
): Gate {
  return {
    symbol,
    formula: ([x]) => (symbol === '|x|' ? `|${x}|` : `${symbol}(${x})`),
    forward: ([x]) => forward(x!),
    backward: ([x], y) => [derivative(x!, y)],
    rules: ([x], y) => [rule(x!, y)],
  };
}

/** As formulas write it, with a minus sign. */
function signed(c: number): string {
  const text = String(Number(c.toPrecision(6)));
  return text.replace('-', '−');
}
