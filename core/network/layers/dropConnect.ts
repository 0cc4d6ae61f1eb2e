import { elementsOp } from '../op.ts';
import { dense } from './dense.ts';
import { type LayerConfig, type LayerType, sizeOf } from './layer.ts';
import { maskBytes, masksOf } from './masks.ts';

type DropConnect = Extract<LayerConfig, { kind: 'dropConnect' }>;

/**
 * y = x (M ∘ W) + b (Wan et al. 2013): a dense layer whose weights are each 0 with probability `rate` in a
 * step of training, one mask M for the whole batch, and else divided by 1 − rate; at test time W.
 */
export const dropConnect: LayerType<DropConnect> = {
  outputShape: (layer) => [layer.units],
  parameters: (layer, inputShape) => dense.parameters(linear(layer), inputShape),
  reads: { input: true, output: false },
  sees: () => 'all',

  /** M ∘ W [in × units], and M. */
  caches({ units }, inputShape) {
    const count = sizeOf(inputShape) * units;
    return [count * 4, maskBytes(count)];
  },

  workspace: (layer, inputShape, capacity) =>
    dense.workspace?.(linear(layer), inputShape, capacity) ?? 0,

  build(context) {
    const { layer, kernels, parameters, caches, random, scratch } = context;
    const [weights, ...biases] = parameters;
    const [masked, mask] = caches;
    const { size } = weights.value;
    const masks = masksOf(kernels, layer.rate, random, scratch);
    const whole = { ...context, layer: linear(layer) };
    const product = dense.build({
      ...whole,
      parameters: [{ ...weights, value: { offset: masked, size } }, ...biases],
    });
    const atTest = dense.build(whole);
    return {
      forward: [
        elementsOp('dropConnect mask', size, (from, count, { step }) =>
          masks.draw(from, count, step, weights.value.offset, masked, mask),
        ),
        ...product.forward,
      ],
      evaluate: atTest.forward,
      inputGradient: atTest.inputGradient,
      backward: [
        ...product.backward,
        // dW = M ∘ d(M ∘ W)
        elementsOp('dropConnect weight gradient', size, (from, count) => {
          const { offset } = weights.gradient;
          masks.apply(from, count, mask, offset, offset);
        }),
      ],
    };
  },
};

function linear({ rate: _, ...options }: DropConnect) {
  return { ...options, kind: 'dense' as const };
}
