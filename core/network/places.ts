import { layerType } from './layers/index.ts';
import { sizeOf } from './layers/layer.ts';
import type { ArenaLayout, Passing, Tensor } from './layout.ts';
import type { LayerShape } from './shapes.ts';

/**
 * Each layer's output, [capacity × size]. Unless all are to be kept, an elementwise layer writes over its
 * input where nobody reads that any more: not the backward pass of this layer or the one below, nor a
 * block's end.
 */
export function placeActivations(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
  keepsAll: boolean,
): Tensor[] {
  const blockInputs = new Set(
    shapes.flatMap(({ blockStart }) => (blockStart === null ? [] : [blockStart - 1])),
  );
  const outputs: Tensor[] = [];
  for (const [index, { layer, outputShape }] of shapes.entries()) {
    const type = layerType(layer);
    const below = shapes[index - 1];
    const overInput =
      !keepsAll &&
      type.inPlace &&
      below &&
      !type.reads.input &&
      !layerType(below.layer).reads.output &&
      !blockInputs.has(index - 1);
    outputs.push(overInput ? outputs[index - 1] : arena.tensor(capacity * sizeOf(outputShape)));
  }
  return outputs;
}

export interface GradientPlaces {
  /** ∂L/∂output of each layer, [capacity × size]. */
  outputGradients: Tensor[];
  /** ∂L/∂input of the network; null where nobody wants it. */
  inputGradient: Tensor | null;
  /** Of each residual block's end, the gradient that waits for the block's start; else null. */
  skipGradients: (Tensor | null)[];
}

/**
 * Gradients of activations pass: each is written by the layer above and read by its own, so that few
 * exist at a time, and those share bytes. An elementwise layer writes dx over dy. They go down to the
 * output of layer `lowest`; −1 is the input.
 */
export function placeGradients(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
  lowest: number,
): GradientPlaces {
  // Time runs with the backward pass: layer i goes backward at moment `shapes.length − i`.
  const moment = (index: number) => shapes.length - index;
  const wanted: Passing[] = [];
  const gradients = new Map<number, number>();
  const skips: number[] = shapes.map(() => -1);
  for (let index = shapes.length - 1; index >= Math.min(lowest, 0); index--) {
    const above = shapes[index + 1];
    const aliased = above && layerType(above.layer).inPlace;
    if (aliased) {
      const shared = gradients.get(index + 1)!;
      gradients.set(index, shared);
      wanted[shared].to = moment(index);
    } else {
      const shape = shapes[index]?.outputShape ?? shapes[0].inputShape;
      const size = index >= lowest ? capacity * sizeOf(shape) : 0;
      gradients.set(index, wanted.length);
      wanted.push({ size, from: moment(index + 1), to: moment(index) });
    }
    const blockStart = shapes[index]?.blockStart ?? null;
    if (blockStart !== null && blockStart > lowest) {
      const size = capacity * sizeOf(shapes[index].outputShape);
      skips[index] = wanted.length;
      wanted.push({ size, from: moment(index), to: moment(blockStart) });
    }
  }
  const tensors = arena.passingTensors(wanted);
  return {
    outputGradients: shapes.map((_, index) => tensors[gradients.get(index)!]),
    inputGradient: lowest < 0 ? tensors[gradients.get(-1)!] : null,
    skipGradients: skips.map((i) => (i < 0 ? null : tensors[i])),
  };
}
