import { elu, leakyRelu, relu, sigmoid, tanh } from './activations.ts';
import { dense } from './dense.ts';
import type { LayerConfig, LayerKind, LayerType } from './layer.ts';
import { residual } from './residual.ts';

const types: { [Kind in LayerKind]: LayerType<Extract<LayerConfig, { kind: Kind }>> } = {
  dense,
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
