import {
  elu,
  exponential,
  gelu,
  leakyRelu,
  relu,
  selu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from './activations.ts';
import { batchNorm } from './batchNorm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropConnect } from './dropConnect.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import type { LayerConfig, LayerKind, LayerType } from './layer.ts';
import { maxout } from './maxout.ts';
import { avgPool, globalAvgPool, maxPool } from './pooling.ts';
import { prelu } from './prelu.ts';
import { residual } from './residual.ts';
import { softmax } from './softmax.ts';

const types: { [Kind in LayerKind]: LayerType<Extract<LayerConfig, { kind: Kind }>> } = {
  dense,
  conv2d,
  maxPool,
  avgPool,
  globalAvgPool,
  flatten,
  sigmoid,
  tanh,
  relu,
  leakyRelu,
  prelu,
  elu,
  selu,
  gelu,
  silu,
  softplus,
  exponential,
  softmax,
  maxout,
  batchNorm,
  dropout,
  dropConnect,
  residual,
};

/** The type of this layer, usable with it: a table is as typed as its key, which TypeScript cannot follow. */
export function layerType(layer: LayerConfig): LayerType<LayerConfig> {
  return types[layer.kind] as unknown as LayerType<LayerConfig>;
}
