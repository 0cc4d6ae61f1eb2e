import { rowsOp } from '../op.ts';
import { type LayerConfig, type LayerType, sizeOf } from './layer.ts';

type Softmax = Extract<LayerConfig, { kind: 'softmax' }>;

/**
 * yⱼ = e^xⱼ / Σₖ e^xₖ over the last extent: all outputs of an example, or the channels at each place of an
 * image. dxⱼ = yⱼ (dyⱼ − Σₖ dyₖ yₖ). May work in place, because a row is read before it is written.
 */
export const softmax: LayerType<Softmax> = {
  outputShape: (_layer, inputShape) => [...inputShape],
  parameters: () => [],
  reads: { input: false, output: true },
  inPlace: true,
  // Of an image, all channels at its place.
  sees: (_layer, inputShape) =>
    inputShape.length === 1 ? 'all' : { height: 1, width: 1, stride: 1, top: 0, left: 0 },
  build({ kernels, capacity, inputShape, inputSize: size, x, y, dy, dx }) {
    const width = inputShape[inputShape.length - 1];
    const places = sizeOf(inputShape) / width;
    const at = (from: number) => from * size * 4;
    return {
      forward: [
        rowsOp('softmax forward', capacity, size, (from, count) =>
          kernels.softmaxForward(count * places, width, x + at(from), y + at(from)),
        ),
      ],
      backward:
        dx === 0
          ? []
          : [
              rowsOp('softmax backward', capacity, size, (from, count) =>
                kernels.softmaxBackward(
                  count * places,
                  width,
                  y + at(from),
                  dy + at(from),
                  dx + at(from),
                ),
              ),
            ],
    };
  },
};
