import type { Offset } from '../../kernels/kernels.ts';
import { rowsOp } from '../op.ts';
import type { LayerConfig, LayerType } from './layer.ts';

type Residual = Extract<LayerConfig, { kind: 'residual' }>;

/**
 * The end of a residual block: y = f(x) + x₀, where x₀ is what the block takes. The gradient reaches
 * both summands as it is; the network carries it past the block (see buildNetwork).
 */
export const residual: LayerType<Residual> = {
  outputShape: (_layer, inputShape) => [...inputShape],
  parameters: () => [],
  reads: { input: false, output: false },
  inPlace: true,
  build({ kernels, capacity, outputSize: size, x, y, dy, dx, skip }) {
    const at = (from: number) => from * size * 4;
    const carry = (to: Offset) =>
      rowsOp('residual backward', capacity, size, (from, count) =>
        kernels.copy(count * size, dy + at(from), to + at(from)),
      );
    return {
      forward: [
        rowsOp('residual forward', capacity, size, (from, count) =>
          kernels.add(count * size, x + at(from), skip.x + at(from), y + at(from)),
        ),
      ],
      backward: [skip.dx, dx].filter((to) => to !== 0 && to !== dy).map(carry),
    };
  },
};
