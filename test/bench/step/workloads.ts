import { type Config, configSchema } from '../../../core/config/index.ts';
import { sizeOf } from '../../../core/network/layers/layer.ts';
import { inferShapes, type LayerShape } from '../../../core/network/shapes.ts';

/** A network as its config has it: each item is a layer. */
export type Layers = (string | Record<string, unknown>)[];

/** A full training step: gather, forward, loss, backward, momentum update. */
export interface Workload {
  name: string;
  description: string;
  /** Shape of one example. */
  input: number[];
  layers: Layers;
  classes: number;
  batch: number;
  /** What is aimed at: times faster than PyTorch, and fraction of the machine's peak. */
  aim: { ratio: number; peakFraction?: number };
}

export function dense(...sizes: number[]): Layers {
  return sizes.flatMap(
    (units, i): Layers => (i === 0 ? [{ dense: units }] : ['relu', { dense: units }]),
  );
}

const conv = (channels: number, kernel: number, padding: 'same' | 'valid'): Layers => [
  { conv2d: { channels, kernel, padding } },
  'relu',
  { maxPool: 2 },
];

export const WORKLOADS: Workload[] = [
  {
    name: 'tiny',
    description: '2-16-16-2',
    input: [2],
    layers: dense(16, 16, 2),
    classes: 2,
    batch: 32,
    aim: { ratio: 20 },
  },
  {
    name: 'cs231n',
    description: '3072-50-10',
    input: [3072],
    layers: dense(50, 10),
    classes: 10,
    batch: 100,
    aim: { ratio: 1.3 },
  },
  {
    name: 'mnist',
    description: '784-128-10',
    input: [784],
    layers: dense(128, 10),
    classes: 10,
    batch: 64,
    aim: { ratio: 1.3 },
  },
  {
    name: 'big',
    description: '784-512-512-10',
    input: [784],
    layers: dense(512, 512, 10),
    classes: 10,
    batch: 128,
    aim: { ratio: 1, peakFraction: 0.8 },
  },
  {
    name: 'lenet',
    description: 'conv8@5 pool conv16@5 pool fc10, 28×28',
    input: [28, 28, 1],
    layers: [...conv(8, 5, 'valid'), ...conv(16, 5, 'valid'), { dense: 10 }],
    classes: 10,
    batch: 64,
    aim: { ratio: 1.3 },
  },
  {
    name: 'cifarcnn',
    description: 'conv32@3 pool conv64@3 pool fc128 fc10, 32×32×3',
    input: [32, 32, 3],
    layers: [...conv(32, 3, 'same'), ...conv(64, 3, 'same'), ...dense(128, 10)],
    classes: 10,
    batch: 64,
    aim: { ratio: 1.3, peakFraction: 0.8 },
  },
];

/** A bare step, without inspection unless told. */
export function configOf({ layers, batch }: Workload, inspect: unknown = 'none'): Config {
  return configSchema.parse({
    data: { source: 'unused.csv' },
    model: { layers },
    optimizer: { type: 'sgd', learningRate: 1e-3, momentum: 0.9 },
    training: { batchSize: batch },
    inspect,
  });
}

/**
 * Floating-point operations of the products and convolutions of a step, by the plain count: two for each
 * multiply-add; forward, weight gradient and, but for the first layer, input gradient.
 */
export function flopsOf(workload: Workload): number {
  const shapes = inferShapes(configOf(workload).model.layers, workload.input);
  const weighted = shapes.filter(({ parameters }) => parameters.length > 0);
  return weighted
    .map((shape, i) => 2 * workload.batch * multiplyAdds(shape) * (i === 0 ? 2 : 3))
    .reduce((a, b) => a + b, 0);
}

/** Of one example: every weight is used once for each place of the output. */
function multiplyAdds({ layer, outputShape, parameters }: LayerShape): number {
  const weights = sizeOf(parameters[0].shape);
  return layer.kind === 'conv2d' ? (weights * sizeOf(outputShape)) / outputShape[2] : weights;
}
