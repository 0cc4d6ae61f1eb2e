import type { Layer } from './layer.ts';
import { map, zeros } from './tensor.ts';

interface Curve {
  f(x: number): number;
  derivative(x: number): number;
}

/** y = f(x), dx = dy f′(x), value by value. */
export function elementwise({ f, derivative }: Curve): Layer {
  return {
    outputShape: (inputShape) => inputShape,
    parameters: () => [],
    states: () => [],
    forward: (x) => ({
      y: map(x, f),
      backward: (dy) => ({ dx: map(dy, (d, i) => d * derivative(x.values[i])), gradients: {} }),
      states: {},
    }),
  };
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const normalDensity = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const normalDistribution = (x: number) => (1 + erf(x / Math.SQRT2)) / 2;

/** erf x = 2/√π e^(−x²) Σₙ 2ⁿ x²ⁿ⁺¹ / (1·3·…·(2n+1)): terms of one sign, so nothing cancels. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const sigmoid = elementwise({
  f: logistic,
  derivative: (x) => logistic(x) * (1 - logistic(x)),
});

export const tanh = elementwise({ f: Math.tanh, derivative: (x) => 1 - Math.tanh(x) ** 2 });

export const relu = leakyRelu(0);

export function leakyRelu(slope: number): Layer {
  return elementwise({
    f: (x) => (x > 0 ? x : slope * x),
    derivative: (x) => (x > 0 ? 1 : slope),
  });
}

export function elu(alpha: number, scale = 1): Layer {
  return elementwise({
    f: (x) => scale * (x > 0 ? x : alpha * Math.expm1(x)),
    derivative: (x) => scale * (x > 0 ? 1 : alpha * Math.exp(x)),
  });
}

/** Klambauer et al. 2017: an ELU whose two constants keep mean 0 and variance 1. */
export const selu = elu(1.6732632423543772, 1.0507009873554805);

/** x Φ(x), exact (Hendrycks and Gimpel 2016). */
export const gelu = elementwise({
  f: (x) => x * normalDistribution(x),
  derivative: (x) => normalDistribution(x) + x * normalDensity(x),
});

/** x σ(x). */
export const silu = elementwise({
  f: (x) => x * logistic(x),
  derivative: (x) => logistic(x) * (1 + x * (1 - logistic(x))),
});

/** log(1 + eˣ). */
export const softplus = elementwise({
  f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  derivative: logistic,
});

export const exponential = elementwise({ f: Math.exp, derivative: Math.exp });

/** Leaky ReLU whose slopes are learned, one a channel (the last extent). */
export const prelu: Layer = {
  outputShape: (inputShape) => inputShape,
  parameters: (inputShape) => [{ name: 'slope', shape: inputShape.slice(-1) }],
  states: () => [],
  forward(x, { slope }) {
    const channel = (i: number) => i % slope.length;
    return {
      y: map(x, (value, i) => (value > 0 ? value : slope[channel(i)] * value)),
      backward(dy) {
        const gradient = new Float64Array(slope.length);
        for (const [i, value] of x.values.entries()) {
          if (value <= 0) gradient[channel(i)] += dy.values[i] * value;
        }
        const dx = map(dy, (d, i) => (x.values[i] > 0 ? d : slope[channel(i)] * d));
        return { dx, gradients: { slope: gradient } };
      },
      states: {},
    };
  },
};

/** e^xⱼ / Σₖ e^xₖ over the last extent; dxⱼ = yⱼ (dyⱼ − Σₖ dyₖ yₖ). */
export const softmax: Layer = {
  outputShape: (inputShape) => inputShape,
  parameters: () => [],
  states: () => [],
  forward(x) {
    const width = x.shape[x.shape.length - 1];
    const y = zeros(x.shape);
    for (let from = 0; from < x.values.length; from += width) {
      y.values.set(probabilities(x.values.subarray(from, from + width)), from);
    }
    return {
      y,
      backward(dy) {
        const dx = zeros(x.shape);
        for (let from = 0; from < x.values.length; from += width) {
          let dot = 0;
          for (let k = from; k < from + width; k++) dot += dy.values[k] * y.values[k];
          for (let k = from; k < from + width; k++) {
            dx.values[k] = y.values[k] * (dy.values[k] - dot);
          }
        }
        return { dx, gradients: {} };
      },
      states: {},
    };
  },
};

export function probabilities(logits: Float64Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
