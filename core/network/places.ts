import { layerType } from './layers/index.ts';
import { sizeOf } from './layers/layer.ts';
import type { ArenaLayout, Passing, Tensor } from './layout.ts';
import type { LayerShape } from './shapes.ts';

/**
 * Each layer's output, [capacity × size]. An elementwise layer writes over its input where nobody
 * reads that any more: not the backward pass of this layer or the one below, nor a block's end.
 */
export function placeActivations(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
): Tensor[] {
  const blockInputs = new Set(
    shapes.flatMap(({ blockStart }) => (blockStart === null ? [] : [blockStart - 1])),
  );
  const outputs: Tensor[] = [];
  for (const [index, { layer, outputShape }] of shapes.entries()) {
    const type = layerType(layer);
    const below = shapes[index - 1];
    const overInput =
      type.inPlace &&
      below &&
      !type.reads.input &&
      !layerType(below.layer).reads.output &&
      !blockInputs.has(index - 1);
    outputs.push(overInput ? outputs[index - 1] : arena.tensor(capacity * sizeOf(outputShape)));
  }
  return outputs;
}

/** Something below is trained. */
export function needsInputGradient(index: number, firstTrained: number): boolean {
  return firstTrained >= 0 && index > firstTrained;
}

export interface GradientPlaces {
  /** ∂L/∂output of each layer, [capacity × size]. */
  outputGradients: Tensor[];
  /** Of each residual block's end, the gradient that waits for the block's start; else null. */
  skipGradients: (Tensor | null)[];
}

/**
 * Gradients of activations pass: each is written by the layer above and read by its own, so that few
 * exist at a time, and those share bytes. An elementwise layer writes dx over dy.
 */
export function placeGradients(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
  firstTrained: number,
): GradientPlaces {
  // Time runs with the backward pass: layer i goes backward at moment `shapes.length − i`.
  const moment = (index: number) => shapes.length - index;
  const wanted: Passing[] = [];
  const outputGradients: number[] = shapes.map(() => -1);
  const skips: number[] = shapes.map(() => -1);
  for (let index = shapes.length - 1; index >= 0; index--) {
    const above = shapes[index + 1];
    const aliased = above && layerType(above.layer).inPlace;
    if (aliased) {
      outputGradients[index] = outputGradients[index + 1];
      wanted[outputGradients[index]].to = moment(index);
    } else {
      const needed = firstTrained >= 0 && index >= firstTrained;
      const size = needed ? capacity * sizeOf(shapes[index].outputShape) : 0;
      outputGradients[index] = wanted.length;
      wanted.push({ size, from: moment(index + 1), to: moment(index) });
    }
    const { blockStart } = shapes[index];
    if (blockStart !== null && needsInputGradient(blockStart, firstTrained)) {
      const size = capacity * sizeOf(shapes[index].outputShape);
      skips[index] = wanted.length;
      wanted.push({ size, from: moment(index), to: moment(blockStart) });
    }
  }
  const tensors = arena.passingTensors(wanted);
  return {
    outputGradients: outputGradients.map((i) => tensors[i]),
    skipGradients: skips.map((i) => (i < 0 ? null : tensors[i])),
  };
}
