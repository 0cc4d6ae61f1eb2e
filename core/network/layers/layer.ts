import type { Config } from '../../config/index.ts';
import type { RuleId } from '../../events/rule-ids.ts';
import type { ParameterName, ParameterSummary } from '../../events/run-event.ts';
import type { Kernels, Offset } from '../../kernels/kernels.ts';
import type { Tensor } from '../layout.ts';
import type { Op } from '../op.ts';

export type LayerConfig = Config['model']['layers'][number];
export type LayerKind = LayerConfig['kind'];

/** A parameter set before it has a place. */
export interface ParameterShape {
  name: ParameterName;
  shape: number[];
  /** Inputs of one unit and units that one input feeds: what initializers scale by. */
  fanIn: number;
  fanOut: number;
  /** By the init of the layer or model, by `biasInit`, or this value everywhere. */
  start: 'init' | 'biasInit' | number;
}

/** A parameter set with its places in the arena. */
export interface Parameter extends ParameterShape {
  summary: ParameterSummary;
  value: Tensor;
  gradient: Tensor;
  /** False for a frozen one. */
  trained: boolean;
}

/**
 * What a layer carries from step to step and no gradient reaches: the running averages of batch
 * normalization. Checkpoints keep it.
 */
export interface LayerState {
  name: string;
  size: number;
  /** The value of every element at the start. */
  start: number;
}

/** What a layer is built from. Shapes are of one example; buffers hold `capacity` rows. */
export interface LayerContext<L extends LayerConfig> {
  layer: L;
  kernels: Kernels;
  capacity: number;
  inputShape: readonly number[];
  outputShape: readonly number[];
  inputSize: number;
  outputSize: number;
  /** Input and output, [rows × size]; their gradients likewise. */
  x: Offset;
  y: Offset;
  dy: Offset;
  /** 0 where nobody needs it: below the first layer that is trained. */
  dx: Offset;
  parameters: Parameter[];
  /** Places of what `states` asked for. */
  states: Tensor[];
  /** Places of what `caches` asked for. */
  caches: Offset[];
  /** Of a residual block: what it takes, and where that gradient waits (0: nobody needs it). */
  skip: { x: Offset; dx: Offset };
  /** With the number of the step, the key of the layer's random numbers. */
  random: { seed: number; purpose: string };
  /** Working memory of the op that runs, shared by all threads: what `workspace` asked for. */
  workspace: Offset;
  /** Working memory of this thread. */
  scratch: Offset;
}

export interface LayerOps {
  /** In training. */
  forward: Op[];
  /** At test time, where that differs. */
  evaluate?: Op[];
  /** In the order they must run: dy is given, the parameters' gradients and dx are wanted. */
  backward: Op[];
  /** dx alone, after a pass at test time; absent: what backward does. */
  inputGradient?: Op[];
  /** Done with the update of the parameters: a step that is abandoned before leaves no trace. */
  update?: Op[];
}

/**
 * A layer is saturated where its derivative is below `FLAT` times its largest: where y, or x, is at most
 * `below` or at least `above`.
 */
export interface Saturation {
  of: 'input' | 'output';
  below: number;
  above: number;
}
/** See there. */
export const FLAT = 0.05;

/**
 * What an output of an image layer sees: its output (i, j) depends on the rows from i · stride − top on,
 * `height` of them, and on the columns likewise.
 */
export interface Window {
  height: number;
  width: number;
  stride: number;
  top: number;
  left: number;
}

/** A kind of layer: its shape arithmetic, its parameters and its ops. */
export interface LayerType<L extends LayerConfig> {
  /** Throws ShapeError where the layer cannot take such an input. */
  outputShape(layer: L, inputShape: readonly number[]): number[];
  parameters(layer: L, inputShape: readonly number[]): ParameterShape[];
  states?(layer: L, inputShape: readonly number[]): LayerState[];
  /** Bytes of each buffer that forward leaves for backward, beside x and y. */
  caches?(layer: L, inputShape: readonly number[], capacity: number): number[];
  /** Bytes that threads share while an op of this layer runs. */
  workspace?(layer: L, inputShape: readonly number[], capacity: number): number;
  /** Bytes that each thread needs of its own while an op of this layer runs. */
  scratch?(layer: L, inputShape: readonly number[]): number;
  /** Which of x and y backward reads: they must outlive forward. */
  reads: { input: boolean; output: boolean };
  /** y may be written over x, and dx over dy: each value depends on the one at its place only. */
  inPlace?: boolean;
  /**
   * Which inputs an output depends on at test time: those of a window, or all. Absent: those at its own
   * place, of an image or a row.
   */
  sees?(layer: L, inputShape: readonly number[]): Window | 'all';
  /** Where its derivative is nearly 0; absent: nowhere, or in no range of its own. */
  saturation?(layer: L): Saturation;
  build(context: LayerContext<L>): LayerOps;
}

/** A layer that cannot take what comes in. The message says what was found and what to do. */
export class ShapeError extends Error {
  /** The rule that it breaks, where it has a name. */
  readonly rule?: RuleId;

  constructor(message: string, rule?: RuleId) {
    super(message);
    this.rule = rule;
  }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The parameters of a linear map; biases are one a last extent of the weights. */
export function weightsAndBiases(
  shape: number[],
  fanIn: number,
  fanOut: number,
  bias: boolean,
): ParameterShape[] {
  const weights: ParameterShape = { name: 'weights', shape, fanIn, fanOut, start: 'init' };
  const units = shape.slice(-1);
  return bias
    ? [weights, { name: 'biases', shape: units, fanIn, fanOut, start: 'biasInit' }]
    : [weights];
}
