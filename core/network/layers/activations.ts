import type { Kernels, Offset } from '../../kernels/kernels.ts';
import { rowsOp } from '../op.ts';
import { FLAT, type LayerConfig, type LayerType, type Saturation } from './layer.ts';

type Of<Kind extends LayerConfig['kind']> = Extract<LayerConfig, { kind: Kind }>;

/** y = f(x) and dx = dy f′, over `count` values. Backward is given what it reads: y, or x. */
interface Elementwise<L extends LayerConfig> {
  reads: 'input' | 'output';
  forward(kernels: Kernels, layer: L, count: number, x: Offset, y: Offset): void;
  backward(kernels: Kernels, layer: L, count: number, read: Offset, dy: Offset, dx: Offset): void;
  saturation?(layer: L): Saturation;
}

function activation<L extends LayerConfig>(f: Elementwise<L>): LayerType<L> {
  return {
    outputShape: (_layer, inputShape) => [...inputShape],
    parameters: () => [],
    reads: { input: f.reads === 'input', output: f.reads === 'output' },
    inPlace: true,
    saturation: f.saturation,
    build({ layer, kernels, capacity, outputSize: size, x, y, dy, dx }) {
      const at = (from: number) => from * size * 4;
      const read = f.reads === 'input' ? x : y;
      return {
        forward: [
          rowsOp(`${layer.kind} forward`, capacity, size, (from, count) =>
            f.forward(kernels, layer, count * size, x + at(from), y + at(from)),
          ),
        ],
        backward:
          dx === 0
            ? []
            : [
                rowsOp(`${layer.kind} backward`, capacity, size, (from, count) =>
                  f.backward(
                    kernels,
                    layer,
                    count * size,
                    read + at(from),
                    dy + at(from),
                    dx + at(from),
                  ),
                ),
              ],
      };
    },
  };
}

/** By its output. */
const outside = (below: number, above = Number.POSITIVE_INFINITY): Saturation => ({
  of: 'output',
  below,
  above,
});

/** σ(x) = 1 / (1 + e⁻ˣ); σ′ = σ (1 − σ). */
export const sigmoid = activation<Of<'sigmoid'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) => kernels.sigmoidForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.sigmoidBackward(count, y, dy, dx),
  // σ′ = y (1 − y), at most ¼.
  saturation: () => outside((1 - Math.sqrt(1 - FLAT)) / 2, (1 + Math.sqrt(1 - FLAT)) / 2),
});

/** tanh x; derivative 1 − tanh². */
export const tanh = activation<Of<'tanh'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) => kernels.tanhForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.tanhBackward(count, y, dy, dx),
  saturation: () => outside(-Math.sqrt(1 - FLAT), Math.sqrt(1 - FLAT)),
});

/** max(0, x); derivative 1 for x > 0, else 0. */
export const relu = activation<Of<'relu'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) => kernels.reluForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.reluBackward(count, y, dy, dx),
});

/** x for x > 0, else slope · x. */
export const leakyRelu = activation<Of<'leakyRelu'>>({
  reads: 'output',
  forward: (kernels, layer, count, x, y) => kernels.leakyReluForward(count, layer.slope, x, y),
  backward: (kernels, layer, count, y, dy, dx) =>
    kernels.leakyReluBackward(count, layer.slope, y, dy, dx),
});

/** x for x > 0, else α (eˣ − 1). */
export const elu = activation<Of<'elu'>>({
  reads: 'output',
  forward: (kernels, layer, count, x, y) => kernels.eluForward(count, 1, layer.alpha, x, y),
  backward: (kernels, layer, count, y, dy, dx) =>
    kernels.eluBackward(count, 1, layer.alpha, y, dy, dx),
  // y + α, and 1 above 0.
  saturation: ({ alpha }) => outside(FLAT * Math.max(1, alpha) - alpha),
});

/** λ and α for which mean 0 and variance 1 are a fixed point of deep networks. */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772 * SELU_SCALE;

/** λ x for x > 0, else λ α (eˣ − 1) (Klambauer et al. 2017). */
export const selu = activation<Of<'selu'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) =>
    kernels.eluForward(count, SELU_SCALE, SELU_ALPHA, x, y),
  backward: (kernels, _layer, count, y, dy, dx) =>
    kernels.eluBackward(count, SELU_SCALE, SELU_ALPHA, y, dy, dx),
  saturation: () => outside(FLAT * SELU_ALPHA - SELU_ALPHA),
});

/** x Φ(x), with Φ the normal distribution; derivative Φ + x φ. */
export const gelu = activation<Of<'gelu'>>({
  reads: 'input',
  forward: (kernels, _layer, count, x, y) => kernels.geluForward(count, x, y),
  backward: (kernels, _layer, count, x, dy, dx) => kernels.geluBackward(count, x, dy, dx),
  // The derivative is at most 1.129; from here on down it is between −0.0564, 5 % of that, and 0.
  saturation: () => ({ ...outside(-2.2786), of: 'input' }),
});

/** x σ(x); derivative σ (1 + x (1 − σ)). */
export const silu = activation<Of<'silu'>>({
  reads: 'input',
  forward: (kernels, _layer, count, x, y) => kernels.siluForward(count, x, y),
  backward: (kernels, _layer, count, x, dy, dx) => kernels.siluBackward(count, x, dy, dx),
  // At most 1.0998; from here on down between −0.055, 5 % of that, and 0.
  saturation: () => ({ ...outside(-3.9299), of: 'input' }),
});

/** log(1 + eˣ); derivative σ(x) = 1 − e⁻ʸ. */
export const softplus = activation<Of<'softplus'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) => kernels.softplusForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.softplusBackward(count, y, dy, dx),
  saturation: () => outside(-Math.log(1 - FLAT)),
});

/** eˣ, its own derivative. */
export const exponential = activation<Of<'exponential'>>({
  reads: 'output',
  forward: (kernels, _layer, count, x, y) => kernels.exponentialForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.exponentialBackward(count, y, dy, dx),
});
