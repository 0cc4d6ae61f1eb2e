import { type Op, rowsOp, singleOp } from '../op.ts';
import { channelsOf, channelsOp, rowPartsOf } from './channels.ts';
import type { LayerConfig, LayerType } from './layer.ts';

type BatchNorm = Extract<LayerConfig, { kind: 'batchNorm' }>;

/**
 * Batch normalization (Ioffe and Szegedy 2015), for each channel: a unit of a dense layer, or a channel of
 * an image over all its places. y = γ x̂ + β, x̂ = (x − μ) / √(σ² + ε), with the batch's mean and (biased)
 * variance in training, and their running averages at test time.
 *
 * The running averages take `momentum` of each batch's mean and unbiased variance, as in PyTorch. A batch
 * with a single value a channel has no variance: it gives y = β, and leaves the running averages as they
 * are. (PyTorch refuses it.) Of a frozen layer they stay too, and it normalizes with them.
 */
export const batchNorm: LayerType<BatchNorm> = {
  outputShape: (_layer, inputShape) => [...inputShape],

  parameters(_layer, inputShape) {
    const common = { shape: inputShape.slice(-1), fanIn: 1, fanOut: 1 };
    return [
      { ...common, name: 'scale', start: 1 },
      { ...common, name: 'shift', start: 0 },
    ];
  },

  states(_layer, inputShape) {
    const size = inputShape[inputShape.length - 1];
    return [
      { name: 'runningMean', size, start: 0 },
      { name: 'runningVariance', size, start: 1 },
    ];
  },

  /** For each channel: μ, 1/√(σ² + ε), the unbiased variance, three factors of dx, and 0. */
  caches(_layer, inputShape) {
    const bytes = inputShape[inputShape.length - 1] * 4;
    return [bytes, bytes, bytes, 3 * bytes, bytes];
  },

  reads: { input: true, output: false },
  inPlace: true,

  /** Parts of two sums, float64 [rowParts × 2 × channels]. */
  workspace(_layer, inputShape, capacity) {
    const { channels, rowParts } = channelsOf(inputShape, capacity);
    return rowParts * 2 * channels * 8;
  },

  build(context) {
    const { layer, kernels, capacity, inputShape, inputSize, x, y, dy, dx } = context;
    const { parameters, states, caches, workspace } = context;
    const [scale, shift] = parameters;
    const [runningMean, runningVariance] = states;
    const [mean, inverse, variance, factors, zeros] = caches;
    const cut = channelsOf(inputShape, capacity);
    const { channels, places, rowsInPart } = cut;
    const at = (from: number) => from * inputSize * 4;
    const firstOf = (row: number, channel: number) => (row * channels + channel) * 4;
    const sumsOf = (part: number, channel: number) =>
      workspace + (part * 2 * channels + channel) * 8;
    const normalize = (center: number) =>
      rowsOp('batchNorm forward', capacity, inputSize, (from, count) =>
        kernels.normalize(
          count * places,
          channels,
          x + at(from),
          center,
          inverse,
          scale.value.offset,
          shift.value.offset,
          y + at(from),
        ),
      );

    const forward = [
      channelsOp('batchNorm moments', cut, ({ part, row, count, channel, width }) => {
        const sums = sumsOf(part, channel);
        const first = x + firstOf(row, channel);
        kernels.batchMoments(count, width, channels, first, sums, sums + channels * 8);
      }),
      singleOp('batchNorm statistics', ({ rows }) =>
        kernels.combineMoments(
          rowPartsOf(cut, rows),
          rowsInPart,
          rows * places,
          channels,
          layer.epsilon,
          workspace,
          mean,
          inverse,
          variance,
        ),
      ),
      normalize(mean),
    ];
    const evaluate = [
      singleOp('batchNorm running deviation', () =>
        kernels.inverseDeviation(channels, layer.epsilon, runningVariance.offset, inverse),
      ),
      normalize(runningMean.offset),
    ];
    // The running averages are constants: dx = γ / √(σ² + ε) · dy.
    const inputGradient =
      dx === 0
        ? []
        : [
            rowsOp('batchNorm at test, backward', capacity, inputSize, (from, count) =>
              kernels.normalize(
                count * places,
                channels,
                dy + at(from),
                zeros,
                inverse,
                scale.value.offset,
                zeros,
                dx + at(from),
              ),
            ),
          ];
    // Below a frozen layer everything is frozen: no gradient is wanted.
    if (!scale.trained) return { forward: evaluate, backward: [] };

    // Through x̂, and through the batch's mean and variance:
    // dx = γ / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy x̂))
    const backward: Op[] = [
      channelsOp('batchNorm gradient', cut, ({ part, row, count, channel, width }) => {
        const sums = sumsOf(part, channel);
        const first = firstOf(row, channel);
        const center = mean + channel * 4;
        const products = sums + channels * 8;
        kernels.normalizeSums(
          count,
          width,
          channels,
          x + first,
          center,
          dy + first,
          sums,
          products,
        );
      }),
      singleOp('batchNorm gradient sum', ({ rows }) =>
        kernels.combineGradients(
          rowPartsOf(cut, rows),
          rows * places,
          channels,
          workspace,
          inverse,
          scale.value.offset,
          scale.gradient.offset,
          shift.gradient.offset,
          factors,
        ),
      ),
    ];
    if (dx !== 0) {
      backward.push(
        rowsOp('batchNorm backward', capacity, inputSize, (from, count) =>
          kernels.normalizeBackward(
            count * places,
            channels,
            x + at(from),
            mean,
            factors,
            dy + at(from),
            dx + at(from),
          ),
        ),
      );
    }
    const update = singleOp('batchNorm running averages', ({ rows }) => {
      if (rows * places === 1) return;
      kernels.average(channels, layer.momentum, mean, runningMean.offset);
      kernels.average(channels, layer.momentum, variance, runningVariance.offset);
    });
    return { forward, evaluate, backward, inputGradient, update: [update] };
  },
};
