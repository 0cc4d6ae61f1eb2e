import type { Regularization } from './config.ts';
import type { Tensor } from './tensor.ts';

/** What a layer holds, by name: parameters, running averages, the mask of this step. */
export type Values = Record<string, Float64Array>;

export interface ParameterShape {
  name: string;
  shape: number[];
  /** The layer's own, in place of the config's. */
  regularization?: Regularization;
}

export interface StateShape {
  name: string;
  size: number;
  /** The value of every element at the start. */
  start: number;
}

export interface MaskShape {
  name: string;
  /** Values for a row, or for all rows together. */
  size: number;
  ofRow: boolean;
  /** The share that is dropped: 0, where the others are 1/(1 − rate). */
  rate: number;
}

export interface Forward {
  y: Tensor;
  /** From ∂L/∂y: ∂L/∂x, and the gradients of the parameters by name. */
  backward(dy: Tensor): { dx: Tensor; gradients: Values };
  /** After a step of training, those that it changed. */
  states: Values;
}

/** A kind of layer, written as its formula says: plain loops, float64. Shapes are of one example. */
export interface Layer {
  outputShape(inputShape: number[]): number[];
  parameters(inputShape: number[]): ParameterShape[];
  states(inputShape: number[]): StateShape[];
  /** Drawn anew for each step of training, by whoever calls `forward`. */
  masks?(inputShape: number[]): MaskShape[];
  forward(x: Tensor, held: Values, training: boolean): Forward;
}
