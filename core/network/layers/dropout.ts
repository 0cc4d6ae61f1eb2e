import { rowsOp, valuesOp } from '../op.ts';
import { type LayerConfig, type LayerType, sizeOf } from './layer.ts';
import { maskBytes, masksOf } from './masks.ts';

type Dropout = Extract<LayerConfig, { kind: 'dropout' }>;

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is 0 with probability `rate` and
 * else divided by 1 − rate, so that its mean stays; at test time nothing happens.
 */
export const dropout: LayerType<Dropout> = {
  outputShape: (_layer, inputShape) => [...inputShape],
  parameters: () => [],
  reads: { input: false, output: false },
  inPlace: true,
  caches: (_layer, inputShape, capacity) => [maskBytes(capacity * sizeOf(inputShape))],

  build({ layer, kernels, capacity, inputSize: size, x, y, dy, dx, caches, random, scratch }) {
    const [mask] = caches;
    const masks = masksOf(kernels, layer.rate, random, scratch);
    const at = (from: number) => from * size * 4;
    const pass = (name: string, from: number, to: number) =>
      from === to || to === 0
        ? []
        : [
            rowsOp(name, capacity, size, (row, count) =>
              kernels.copy(count * size, from + at(row), to + at(row)),
            ),
          ];
    return {
      forward: [
        valuesOp('dropout forward', capacity, size, (from, count, { step }) =>
          masks.draw(from, count, step, x, y, mask),
        ),
      ],
      evaluate: pass('dropout at test', x, y),
      inputGradient: pass('dropout at test, backward', dy, dx),
      backward:
        dx === 0
          ? []
          : [
              valuesOp('dropout backward', capacity, size, (from, count) =>
                masks.apply(from, count, mask, dy, dx),
              ),
            ],
    };
  },
};
