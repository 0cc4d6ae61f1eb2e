import { rowsOp } from '../op.ts';
import { dense } from './dense.ts';
import type { LayerConfig, LayerType } from './layer.ts';

type Maxout = Extract<LayerConfig, { kind: 'maxout' }>;

/**
 * yⱼ = max over p of x Wⱼₚ + bⱼₚ (Goodfellow et al. 2013): a dense layer with `pieces` neighbours for each
 * unit, W [in × units · pieces], of which the largest counts. Its gradient reaches that piece alone.
 */
export const maxout: LayerType<Maxout> = {
  outputShape: (layer) => [layer.units],
  parameters: (layer, inputShape) => dense.parameters(linear(layer), inputShape),
  reads: { input: true, output: false },
  sees: () => 'all',

  /** All pieces z [rows × units · pieces]; backward writes their gradients over them. */
  caches: ({ units, pieces }, _inputShape, capacity) => [capacity * units * pieces * 4],

  workspace: (layer, inputShape, capacity) =>
    dense.workspace?.(linear(layer), inputShape, capacity) ?? 0,

  build(context) {
    const { layer, kernels, capacity, y, dy, caches } = context;
    const { units, pieces } = layer;
    const [z] = caches;
    const width = units * pieces;
    const product = dense.build({
      ...context,
      layer: linear(layer),
      outputShape: [width],
      outputSize: width,
      y: z,
      dy: z,
    });
    const zAt = (from: number) => z + from * width * 4;
    const at = (from: number) => from * units * 4;
    const choose = rowsOp('maxout backward', capacity, width, (from, count) =>
      kernels.maxoutBackward(count * units, pieces, zAt(from), dy + at(from)),
    );
    return {
      forward: [
        ...product.forward,
        rowsOp('maxout forward', capacity, width, (from, count) =>
          kernels.maxoutForward(count * units, pieces, zAt(from), y + at(from)),
        ),
      ],
      backward: [choose, ...product.backward],
      inputGradient: [choose, ...(product.inputGradient ?? [])],
    };
  },
};

function linear({ units, pieces, ...options }: Maxout) {
  return { ...options, kind: 'dense' as const, units: units * pieces };
}
