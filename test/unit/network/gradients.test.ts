import { describe, it } from 'vitest';
import type { LayerConfig, LossConfig } from '../../reference/config.ts';
import { expectTwins } from './twins.ts';

/** Of the largest value of a tensor: float32 sums of some hundred terms. */
const TOLERANCE = 1e-5;

const UNBIASED = { dense: { units: 6, bias: false } };

/**
 * A layer on its own stands behind `dense: 6`, so that what it sends down is seen in that one's
 * gradients; a list is the network as it is. Then comes a dense layer for the outputs. Without a shape
 * the input is a row of 5.
 */
const layers: [name: string, layers: LayerConfig | LayerConfig[], inputShape?: number[]][] = [
  ['dense', { dense: 7 }],
  ['dense without bias', { dense: { units: 7, bias: false } }],
  ['wide dense layers', [{ dense: 67 }, 'tanh', { dense: 33 }, 'tanh'], [129]],
  ['dense of an image', [{ dense: 7 }], [3, 5, 2]],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
  ['leakyRelu', 'leakyRelu'],
  ['leakyRelu of slope 0.1', { leakyRelu: { slope: 0.1 } }],
  ['elu', 'elu'],
  ['elu of alpha 1.3', { elu: { alpha: 1.3 } }],
  ['prelu', 'prelu'],
  ['prelu of an image', ['prelu', { dense: 6 }], [3, 5, 7]],
  ['selu', 'selu'],
  ['gelu', 'gelu'],
  ['silu', 'silu'],
  ['softplus', 'softplus'],
  ['exponential', [{ dense: 6 }, 'tanh', 'exponential']],
  ['softmax', 'softmax'],
  ['softmax of an image', ['prelu', 'softmax'], [3, 2, 7]],
  ['maxout', { maxout: 7 }],
  ['maxout of three pieces', { maxout: { units: 7, pieces: 3, bias: false } }],
  ['wide maxout', [{ maxout: 67 }, { maxout: { units: 33, pieces: 4 } }], [129]],
  // A bias below it would have a gradient of 0, of which rounding leaves nothing to compare.
  ['batchNorm', [UNBIASED, 'batchNorm']],
  ['batchNorm of other options', [UNBIASED, { batchNorm: { momentum: 0.3, epsilon: 0.1 } }]],
  ['batchNorm of an image', ['batchNorm', { dense: 6 }, 'tanh'], [3, 5, 7]],
  ['batchNorm of conv2d', [filters(5), 'batchNorm', 'tanh', filters(16), 'batchNorm'], [6, 5, 2]],
  ['batchNorm of many channels', [{ dense: { units: 150, bias: false } }, 'batchNorm', 'tanh']],
  ['batchNorm after tanh', [{ dense: 6 }, 'tanh', 'batchNorm']],
  ['dropout', { dropout: 0.3 }],
  ['dropout of what others read', ['tanh', { dropout: 0.3 }, 'tanh', { dropout: 0.6 }]],
  ['dropout on the input', [{ dropout: 0.3 }, { dense: 6 }]],
  ['dropout at the end of a residual block', { residual: [{ dense: 6 }, { dropout: 0.5 }] }],
  ['dropConnect', { dropConnect: { units: 7, rate: 0.4 } }],
  ['wide dropConnect', [{ dropConnect: { units: 67, rate: 0.4, bias: false } }, 'tanh'], [129]],
  ['residual', { residual: [{ dense: 5 }, 'tanh', { dense: 6 }] }],
  ['residual that ends in an activation', { residual: [{ dense: 6 }, 'sigmoid'] }],
  ['residual in residual', { residual: ['tanh', { residual: [{ dense: 6 }, 'tanh'] }] }],
  ['residual on the input', [{ residual: [{ dense: 5 }] }, 'tanh']],
  ...convolutions(),
  ['conv2d by Winograd', [filters(16, 1), filters(20)], [8, 8, 2]],
  ['conv2d by Winograd, tiles cut off', [filters(20, 1), filters(16)], [7, 11, 2]],
  [
    'conv2d by Winograd without padding',
    [filters(16, 1), { conv2d: { channels: 24, padding: 'valid' } }],
    [9, 14, 2],
  ],
  [
    'conv2d by Winograd, padded by 2',
    [filters(28, 1), { conv2d: { channels: 16, padding: 2, bias: false } }],
    [10, 7, 2],
  ],
  [
    'conv2d by Winograd, padded by more than the kernel',
    [filters(16, 1), { conv2d: { channels: 16, kernel: 3, padding: 4 } }],
    [6, 5, 2],
  ],
  ['maxPool', [filters(5), { maxPool: 2 }], [7, 5, 2]],
  ['maxPool that overlaps', [filters(5), { maxPool: { size: 3, stride: 2 } }], [8, 6, 2]],
  ['avgPool', [filters(5), { avgPool: 2 }], [7, 5, 2]],
  ['avgPool that overlaps', [filters(5), { avgPool: { size: 3, stride: 1 } }], [8, 6, 2]],
  [
    'pools in a row, whose gradients share bytes',
    [filters(5), { maxPool: 2 }, { avgPool: 2 }],
    [12, 12, 2],
  ],
  ['globalAvgPool', [filters(5), 'globalAvgPool'], [6, 4, 2]],
  ['flatten of an image', ['flatten', { dense: 4 }], [3, 4, 2]],
  ['flatten', [filters(3), 'tanh', 'flatten'], [3, 4, 2]],
  ['residual of conv2d', [filters(4), { residual: [filters(4), 'tanh'] }], [5, 4, 2]],
];

/** A convolution whose output is as large as its input. */
function filters(channels: number, kernel = 3): LayerConfig {
  return { conv2d: { channels, kernel, padding: 'same' } };
}

/** Convolutions behind a first one, so that all that they send down is seen; sizes that divide badly. */
function convolutions(): (typeof layers)[number][] {
  const rows: (typeof layers)[number][] = [];
  const channels = [1, 3, 5, 8, 17];
  for (const kernel of [1, 2, 3, 5, 7]) {
    for (const stride of [1, 2, 3]) {
      for (const padding of ['same', 'valid', 1, 3] as const) {
        const before = channels[rows.length % 5];
        const after = channels[(rows.length * 2 + 1) % 5];
        const shape = [8 + (rows.length % 4), 11 - (rows.length % 3), 2];
        rows.push([
          `conv2d ${kernel}, stride ${stride}, padding ${padding}, ${before} → ${after} of ${shape.join('×')}`,
          [filters(before, 1), { conv2d: { channels: after, kernel, stride, padding } }],
          shape,
        ]);
      }
    }
  }
  return rows;
}

const classWeights = [1, 3, 0.5, 2, 10, 0.1, 1, 1, 4, 0.25, 7];
const smoothed = { type: 'softmaxCrossEntropy', labelSmoothing: 0.2 } as const;

/** Of 11 outputs, which are two vectors and a rest, unless it says otherwise. */
const losses: [
  name: string,
  loss: LossConfig,
  task: 'classification' | 'regression',
  outputs?: number,
][] = [
  ['softmaxCrossEntropy', 'softmaxCrossEntropy', 'classification'],
  ['label smoothing', smoothed, 'classification'],
  ['class weights', { type: 'softmaxCrossEntropy', classWeights }, 'classification'],
  ['label smoothing with class weights', { ...smoothed, classWeights }, 'classification'],
  ['binaryCrossEntropy', 'binaryCrossEntropy', 'classification'],
  ['binaryCrossEntropy of one output', 'binaryCrossEntropy', 'classification', 1],
  ['hinge', 'hinge', 'classification'],
  ['hinge of two classes', 'hinge', 'classification', 2],
  ['meanSquaredError of classes', 'meanSquaredError', 'classification'],
  ['meanSquaredError', 'meanSquaredError', 'regression'],
  ['huber of classes', 'huber', 'classification'],
  ['huber', 'huber', 'regression'],
  ['huber of delta 0.3', { type: 'huber', delta: 0.3 }, 'regression'],
  ['huber of one output', 'huber', 'regression', 1],
];

describe('values and gradients are those of the float64 reference', () => {
  it.each(layers)('%s', (_name, layer, inputShape = [5]) => {
    expectTwins(TOLERANCE, {
      layers: [...(Array.isArray(layer) ? layer : [{ dense: 6 }, layer]), { dense: 3 }],
      loss: 'softmaxCrossEntropy',
      task: 'classification',
      inputShape,
      outputs: 3,
    });
  });

  it.each(losses)('%s', (_name, loss, task, outputs = 11) => {
    expectTwins(TOLERANCE, {
      layers: [{ dense: 6 }, 'tanh', { dense: outputs }],
      loss,
      task,
      inputShape: [7],
      outputs,
    });
  });
});
