import type { TensorKind } from '../events/distributions.ts';
import type { Picture } from '../inspection/picture.ts';

/** A tensor that can be shown as a picture. */
export interface ShownTensor {
  kind: TensorKind;
  /** -1 for the input. */
  layer: number;
  /** e.g. "weights"; null for activations. */
  parameter: string | null;
}

export interface ShownLayer {
  label: string;
  outputShape: number[];
  parameterCount: number;
  /** It stands inside so many residual blocks. */
  depth: number;
}

/** All numbers of a run's layers over its moments. */
export interface LayerMoments {
  layers: ShownLayer[];
  tensors: ShownTensor[];
  /** The network may be small enough to be shown value by value. */
  maybeSmall: boolean;
  steps: Float64Array;
  epochs: Float64Array;
  /** 1 where the moment was measured on the probe, 0 where on the batch of its step. */
  onProbe: Uint8Array;
  /** Row-major [moments × layers + 1 × LAYER_NUMBERS]; the input comes first. */
  numbers: Float64Array;
}

/** A picture of the tensor with this index; null where none of its values is finite. */
export interface TensorPicture {
  tensor: number;
  picture: Picture | null;
}
