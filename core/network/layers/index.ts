import { elu, leakyRelu, relu, sigmoid, tanh } from './activations.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import type { LayerConfig, LayerKind, LayerType } from './layer.ts';
import { avgPool, globalAvgPool, maxPool } from './pooling.ts';
import { residual } from './residual.ts';

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
  elu,
  residual,
};

/** The type of this layer, usable with it: a table is as typed as its key, which TypeScript cannot follow. */
export function layerType(layer: LayerConfig): LayerType<LayerConfig> {
  return types[layer.kind] as unknown as LayerType<LayerConfig>;
}
