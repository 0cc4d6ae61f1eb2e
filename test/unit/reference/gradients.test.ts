import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { erf } from '../../reference/activations.ts';
import type { LayerConfig, LossConfig } from '../../reference/config.ts';
import { numericGradient, relativeError } from '../../reference/gradient-check.ts';
import { type Answers, lossOf } from '../../reference/losses.ts';
import { sequence } from '../../reference/network.ts';
import { sizeOf, tensor } from '../../reference/tensor.ts';

const ROWS = 3;
const TOLERANCE = 1e-7;

const vector = [5];
const image = [5, 4, 2];

const layers: [string, LayerConfig, number[]][] = [
  ['dense', { dense: 4 }, vector],
  ['dense without bias', { dense: { units: 4, bias: false } }, vector],
  ['dense of an image', { dense: 4 }, image],
  ['dropConnect', { dropConnect: { units: 4, rate: 0.5 } }, vector],
  ['maxout', { maxout: 4 }, vector],
  ['maxout of 3 pieces', { maxout: { units: 4, pieces: 3 } }, vector],
  ['conv2d', { conv2d: 3 }, image],
  ['conv2d valid', { conv2d: { channels: 3, kernel: 3, padding: 'valid' } }, image],
  ['conv2d same', { conv2d: { channels: 3, kernel: 3, padding: 'same' } }, image],
  ['conv2d padded', { conv2d: { channels: 2, kernel: 2, padding: 2 } }, image],
  ['conv2d strided', { conv2d: { channels: 2, kernel: 3, stride: 2, padding: 'same' } }, image],
  ['conv2d 1×3', { conv2d: { channels: 2, kernel: [1, 3], padding: 'same', bias: false } }, image],
  ['maxPool', { maxPool: 2 }, image],
  ['maxPool with overlap', { maxPool: { size: 3, stride: 1 } }, image],
  ['avgPool', { avgPool: 2 }, image],
  ['avgPool with overlap', { avgPool: { size: 3, stride: 1 } }, image],
  ['globalAvgPool', 'globalAvgPool', image],
  ['flatten', 'flatten', image],
  ['batchNorm', 'batchNorm', vector],
  ['batchNorm of an image', { batchNorm: { momentum: 0.3, epsilon: 0.1 } }, image],
  ['dropout', { dropout: 0.4 }, vector],
  ['sigmoid', 'sigmoid', vector],
  ['tanh', 'tanh', vector],
  ['relu', 'relu', vector],
  ['leakyRelu', { leakyRelu: { slope: 0.1 } }, vector],
  ['prelu', 'prelu', vector],
  ['prelu of an image', 'prelu', image],
  ['elu', { elu: { alpha: 1.3 } }, vector],
  ['selu', 'selu', vector],
  ['gelu', 'gelu', vector],
  ['silu', 'silu', vector],
  ['softplus', 'softplus', vector],
  ['exponential', 'exponential', vector],
  ['softmax', 'softmax', vector],
  ['residual', { residual: [{ dense: 4 }, 'tanh', { dense: 5 }] }, vector],
  ['residual in residual', { residual: ['tanh', { residual: ['prelu', 'batchNorm'] }] }, vector],
];

const classWeights = [1, 3, 0.5, 2];
const losses: [string, LossConfig][] = [
  ['softmaxCrossEntropy', 'softmaxCrossEntropy'],
  ['label smoothing', { type: 'softmaxCrossEntropy', labelSmoothing: 0.2 }],
  ['class weights', { type: 'softmaxCrossEntropy', classWeights }],
  ['both', { type: 'softmaxCrossEntropy', labelSmoothing: 0.2, classWeights }],
  ['binaryCrossEntropy', 'binaryCrossEntropy'],
  ['hinge', 'hinge'],
  ['meanSquaredError', 'meanSquaredError'],
  ['huber', 'huber'],
  ['huber, delta 0.5', { type: 'huber', delta: 0.5 }],
];

/** Each row draws its own numbers, whatever stands before it. */
function draws(name: string) {
  const random = new RandomStream(2, name);
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  return { random, normals };
}

describe('the reference goes backward as numeric differences say', () => {
  it.each(layers)('%s', (name, config, inputShape) => {
    const { random, normals } = draws(name);
    const layer = sequence([config], '');
    const x = tensor([ROWS, ...inputShape], normals(ROWS * sizeOf(inputShape)));
    const parameters = Object.fromEntries(
      layer.parameters(inputShape).map(({ name, shape }) => [name, normals(sizeOf(shape))]),
    );
    const states = Object.fromEntries(
      layer.states(inputShape).map(({ name, size, start }) => [name, normals(size).fill(start)]),
    );
    const masks = (layer.masks?.(inputShape) ?? []).map(({ name, size, ofRow, rate }) => [
      name,
      normals(size * (ofRow ? ROWS : 1)).map(() => random.integer(2) / (1 - rate)),
    ]);
    const held = { ...parameters, ...states, ...Object.fromEntries(masks) };
    const forward = () => layer.forward(x, held, true);
    const { y, backward } = forward();
    expect(y.shape).toEqual([ROWS, ...layer.outputShape(inputShape)]);

    // L = Σ cᵢ yᵢ, so that ∂L/∂y = c.
    const c = normals(y.values.length);
    const objective = () => forward().y.values.reduce((sum, value, i) => sum + c[i] * value, 0);
    const { dx, gradients } = backward({ shape: y.shape, values: c });
    expect(relativeError(dx.values, numericGradient(objective, x.values))).toBeLessThan(TOLERANCE);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(parameters).sort());
    for (const [name, values] of Object.entries(parameters)) {
      const numeric = numericGradient(objective, values);
      expect(relativeError(gradients[name], numeric), name).toBeLessThan(TOLERANCE);
    }
  });

  it.each(losses)('%s', (name, config) => {
    const { normals } = draws(name);
    const z = tensor([ROWS, 4], normals(ROWS * 4));
    const kinds: Answers[] = [{ labels: [2, 0, 3] }, { targets: normals(ROWS * 4) }];
    const type = typeof config === 'string' ? config : config.type;
    const needsClasses = type === 'softmaxCrossEntropy' || type === 'hinge';
    for (const answers of needsClasses ? kinds.slice(0, 1) : kinds) {
      const { gradient } = lossOf(config, z, answers);
      const numeric = numericGradient(() => lossOf(config, z, answers).loss, z.values);
      expect(relativeError(gradient.values, numeric)).toBeLessThan(TOLERANCE);
    }
  });

  it('and would say so if they did not agree', () => {
    expect(relativeError([1, 2], [1, 2.1])).toBeGreaterThan(0.01);
    expect(relativeError([1, Number.NaN], [1, 2])).toBe(Number.POSITIVE_INFINITY);
    expect(relativeError([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('values of the reference', () => {
  // Abramowitz and Stegun, table 7.1.
  it.each([
    [0, 0],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3.5, 0.9999992569016276],
    [7, 1],
  ])('erf %d', (x, expected) => expect(erf(x)).toBeCloseTo(expected, 14));
});
