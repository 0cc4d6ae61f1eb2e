import type { Layer, Values } from './layer.ts';
import { map, sizeOf } from './tensor.ts';

/**
 * x̂ = (x − μ)/√(σ² + ε), y = γ x̂ + β, for each channel (the last extent) over all rows and places.
 * In training μ and σ² (biased) are the batch's; the running averages take m of the batch's mean and
 * of its unbiased variance. At test μ and σ² are the running averages.
 */
export function batchNorm({ momentum = 0.1, epsilon = 1e-5 } = {}): Layer {
  return {
    outputShape: (inputShape) => inputShape,
    parameters: (inputShape) =>
      ['scale', 'shift'].map((name) => ({ name, shape: inputShape.slice(-1) })),
    states: (inputShape) => {
      const size = inputShape[inputShape.length - 1];
      return [
        { name: 'runningMean', size, start: 0 },
        { name: 'runningVariance', size, start: 1 },
      ];
    },
    forward(x, { scale, shift, runningMean, runningVariance }, training) {
      const channels = scale.length;
      const count = x.values.length / channels;
      const channel = (i: number) => i % channels;
      const sums = (value: (i: number) => number) => {
        const totals = new Float64Array(channels);
        for (const i of x.values.keys()) totals[channel(i)] += value(i);
        return totals;
      };
      const batchMean = sums((i) => x.values[i]).map((sum) => sum / count);
      const squares = sums((i) => (x.values[i] - batchMean[channel(i)]) ** 2);
      const mean = training ? batchMean : runningMean;
      const variance = training ? squares.map((sum) => sum / count) : runningVariance;
      const deviation = variance.map((v) => Math.sqrt(v + epsilon));
      const normal = map(x, (value, i) => (value - mean[channel(i)]) / deviation[channel(i)]);
      const average = (before: Float64Array, of: (c: number) => number) =>
        before.map((value, c) => (1 - momentum) * value + momentum * of(c));
      const after: Values = training
        ? {
            runningMean: average(runningMean, (c) => batchMean[c]),
            runningVariance: average(runningVariance, (c) => squares[c] / (count - 1)),
          }
        : {};
      return {
        y: map(normal, (value, i) => scale[channel(i)] * value + shift[channel(i)]),
        backward(dy) {
          const dShift = sums((i) => dy.values[i]);
          const dScale = sums((i) => dy.values[i] * normal.values[i]);
          // Through x̂ itself, and in training through the batch's mean and variance.
          const dx = map(dy, (d, i) => {
            const c = channel(i);
            const share = training ? (dShift[c] + normal.values[i] * dScale[c]) / count : 0;
            return (scale[c] / deviation[c]) * (d - share);
          });
          return { dx, gradients: { scale: dScale, shift: dShift } };
        },
        states: after,
      };
    },
  };
}

/** Inverted dropout: `mask` has 0 or 1/(1 − rate) for each value; nothing happens at test. */
export const dropout = (rate: number): Layer => ({
  outputShape: (inputShape) => inputShape,
  parameters: () => [],
  states: () => [],
  masks: (inputShape) => [{ name: 'mask', size: sizeOf(inputShape), ofRow: true, rate }],
  forward(x, { mask }, training) {
    const factor = (i: number) => (training ? mask[i] : 1);
    return {
      y: map(x, (value, i) => value * factor(i)),
      backward: (dy) => ({ dx: map(dy, (d, i) => d * factor(i)), gradients: {} }),
      states: {},
    };
  },
});
