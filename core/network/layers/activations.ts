import type { Kernels, Offset } from '../../kernels/kernels.ts';
import { rowsOp } from '../op.ts';
import type { LayerConfig, LayerType } from './layer.ts';

type Activation = Extract<LayerConfig, { kind: 'sigmoid' | 'tanh' | 'relu' | 'leakyRelu' | 'elu' }>;
type Of<Kind extends Activation['kind']> = Extract<Activation, { kind: Kind }>;

/** y = f(x) and dx = dy f′, over `count` values. Backward reads the cached output y, not x. */
interface Elementwise<L extends Activation> {
  forward(kernels: Kernels, layer: L, count: number, x: Offset, y: Offset): void;
  backward(kernels: Kernels, layer: L, count: number, y: Offset, dy: Offset, dx: Offset): void;
}

function activation<L extends Activation>(f: Elementwise<L>): LayerType<L> {
  return {
    outputShape: (_layer, inputShape) => [...inputShape],
    parameters: () => [],
    reads: { input: false, output: true },
    inPlace: true,
    build({ layer, kernels, capacity, outputSize: size, x, y, dy, dx }) {
      const at = (from: number) => from * size * 4;
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
                    y + at(from),
                    dy + at(from),
                    dx + at(from),
                  ),
                ),
              ],
      };
    },
  };
}

/** σ(x) = 1 / (1 + e⁻ˣ); σ′ = σ (1 − σ). */
export const sigmoid = activation<Of<'sigmoid'>>({
  forward: (kernels, _layer, count, x, y) => kernels.sigmoidForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.sigmoidBackward(count, y, dy, dx),
});

/** tanh x; derivative 1 − tanh². */
export const tanh = activation<Of<'tanh'>>({
  forward: (kernels, _layer, count, x, y) => kernels.tanhForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.tanhBackward(count, y, dy, dx),
});

/** max(0, x); derivative 1 for x > 0, else 0. */
export const relu = activation<Of<'relu'>>({
  forward: (kernels, _layer, count, x, y) => kernels.reluForward(count, x, y),
  backward: (kernels, _layer, count, y, dy, dx) => kernels.reluBackward(count, y, dy, dx),
});

/** x for x > 0, else slope · x. */
export const leakyRelu = activation<Of<'leakyRelu'>>({
  forward: (kernels, layer, count, x, y) => kernels.leakyReluForward(count, layer.slope, x, y),
  backward: (kernels, layer, count, y, dy, dx) =>
    kernels.leakyReluBackward(count, layer.slope, y, dy, dx),
});

/** x for x > 0, else α (eˣ − 1). */
export const elu = activation<Of<'elu'>>({
  forward: (kernels, layer, count, x, y) => kernels.eluForward(count, layer.alpha, x, y),
  backward: (kernels, layer, count, y, dy, dx) =>
    kernels.eluBackward(count, layer.alpha, y, dy, dx),
});
