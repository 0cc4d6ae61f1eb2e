import type { Config } from '../../config/index.ts';
import type { ParameterSummary } from '../../events/run-event.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Tensor } from '../layout.ts';
import type { Op } from '../op.ts';

export type LayerConfig = Config['model']['layers'][number];
export type LayerKind = LayerConfig['kind'];

/** A parameter set with its places in the arena. */
export interface Parameter {
  summary: ParameterSummary;
  value: Tensor;
  gradient: Tensor;
}

/** What a layer is built from. Shapes are of one example; buffers hold `capacity` rows. */
export interface LayerContext<L extends LayerConfig> {
  layer: L;
  kernels: Kernels;
  capacity: number;
  inputSize: number;
  outputSize: number;
  /** Input and output, [rows × size]; their gradients likewise. */
  x: Offset;
  y: Offset;
  dy: Offset;
  /** 0 where nobody needs it: below the first layer with parameters. */
  dx: Offset;
  parameters: Parameter[];
  scratch: Offset;
}

export interface LayerOps {
  forward: Op[];
  /** In the order they must run: dy is given, the parameters' gradients and dx are wanted. */
  backward: Op[];
}

/** A kind of layer: its shape arithmetic, its parameters and its ops. */
export interface LayerType<L extends LayerConfig> {
  outputShape(layer: L, inputShape: readonly number[]): number[];
  /** Parameter sets in order, with `name` and `shape`. */
  parameters(layer: L, inputShape: readonly number[]): Omit<ParameterSummary, 'id'>[];
  build(context: LayerContext<L>): LayerOps;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
