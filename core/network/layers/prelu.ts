import { rowsOp, singleOp } from '../op.ts';
import { channelsOf, channelsOp, rowPartsOf } from './channels.ts';
import type { LayerConfig, LayerType } from './layer.ts';

type Prelu = Extract<LayerConfig, { kind: 'prelu' }>;

/**
 * x for x > 0, else α x, where α is learned, one a channel: a unit of a dense layer, a channel of an image
 * (He et al. 2015). dα = Σ dy x over the x ≤ 0.
 */
export const prelu: LayerType<Prelu> = {
  outputShape: (_layer, inputShape) => [...inputShape],

  parameters({ start }, inputShape) {
    return [{ name: 'slope', shape: inputShape.slice(-1), fanIn: 1, fanOut: 1, start }];
  },

  reads: { input: true, output: false },
  inPlace: true,

  /** Parts of dα, float64 [rowParts × channels]. */
  workspace(_layer, inputShape, capacity) {
    const { channels, rowParts } = channelsOf(inputShape, capacity);
    return rowParts * channels * 8;
  },

  build({ kernels, capacity, inputShape, inputSize, x, y, dy, dx, parameters, workspace }) {
    const [slope] = parameters;
    const cut = channelsOf(inputShape, capacity);
    const { channels, places } = cut;
    const at = (from: number) => from * inputSize * 4;
    const forward = [
      rowsOp('prelu forward', capacity, inputSize, (from, count) =>
        kernels.preluForward(
          count * places,
          channels,
          x + at(from),
          slope.value.offset,
          y + at(from),
        ),
      ),
    ];
    // Before dx, which may be written over dy.
    const backward = [
      channelsOp('prelu slope gradient', cut, ({ part, row, count, channel, width }) => {
        const first = (row * channels + channel) * 4;
        const sums = workspace + (part * channels + channel) * 8;
        kernels.preluSums(count, width, channels, x + first, dy + first, sums);
      }),
      singleOp('prelu slope gradient sum', ({ rows }) =>
        kernels.sumParts(rowPartsOf(cut, rows), channels, workspace, slope.gradient.offset),
      ),
    ];
    const inputGradient =
      dx === 0
        ? []
        : [
            rowsOp('prelu backward', capacity, inputSize, (from, count) =>
              kernels.preluBackward(
                count * places,
                channels,
                x + at(from),
                slope.value.offset,
                dy + at(from),
                dx + at(from),
              ),
            ),
          ];
    return { forward, backward: [...backward, ...inputGradient], inputGradient };
  },
};
