import { rowsOp } from '../op.ts';
import { type LayerConfig, type LayerType, sizeOf } from './layer.ts';

type Flatten = Extract<LayerConfig, { kind: 'flatten' }>;

/** The values of an example as one row: they are one already, so that in place nothing moves. */
export const flatten: LayerType<Flatten> = {
  outputShape: (_layer, inputShape) => [sizeOf(inputShape)],
  parameters: () => [],
  reads: { input: false, output: false },
  inPlace: true,
  build({ kernels, capacity, outputSize: size, x, y, dy, dx }) {
    const move = (name: string, from: number, to: number) =>
      from === to || to === 0
        ? []
        : [
            rowsOp(name, capacity, size, (row, count) =>
              kernels.copy(count * size, from + row * size * 4, to + row * size * 4),
            ),
          ];
    return {
      forward: move('flatten forward', x, y),
      backward: move('flatten backward', dy, dx),
    };
  },
};
