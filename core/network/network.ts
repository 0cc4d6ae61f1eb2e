import type { Kernels, Offset } from '../kernels/kernels.ts';
import { layerType } from './layers/index.ts';
import { type Parameter, sizeOf } from './layers/layer.ts';
import type { ArenaLayout, Tensor } from './layout.ts';
import type { Op } from './op.ts';
import type { LayerShape } from './shapes.ts';

/** A layer's places in the arena: its output and the gradient of it, [capacity × size]. */
export interface PlannedLayer {
  shape: LayerShape;
  output: Tensor;
  outputGradient: Tensor;
  parameters: Parameter[];
}

export interface NetworkPlan {
  /** Largest number of examples in a pass. */
  capacity: number;
  /** The batch, [capacity × size]. */
  input: Tensor;
  layers: PlannedLayer[];
  /** All parameter sets, in the order of layers. */
  parameters: Parameter[];
}

/** Lays out a network's tensors: parameters together, their gradients together, then activations. */
export function planNetwork(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
): NetworkPlan {
  const values = shapes.map((shape) =>
    shape.parameters.map(({ shape: s }) => arena.tensor(sizeOf(s))),
  );
  const gradients = shapes.map((shape) =>
    shape.parameters.map(({ shape: s }) => arena.tensor(sizeOf(s))),
  );
  const input = arena.tensor(capacity * sizeOf(shapes[0].inputShape));
  const layers = shapes.map((shape, index) => ({
    shape,
    output: arena.tensor(capacity * sizeOf(shape.outputShape)),
    outputGradient: arena.tensor(capacity * sizeOf(shape.outputShape)),
    parameters: shape.parameters.map((summary, k) => ({
      summary,
      value: values[index][k],
      gradient: gradients[index][k],
    })),
  }));
  return { capacity, input, layers, parameters: layers.flatMap((layer) => layer.parameters) };
}

export interface NetworkOps {
  forward: Op[];
  /** From the gradient of the last output to those of all parameters. */
  backward: Op[];
}

/** Fixes the operands of every kernel call of a forward and a backward pass. */
export function buildNetwork(kernels: Kernels, plan: NetworkPlan, scratch: Offset): NetworkOps {
  const firstTrained = plan.layers.findIndex((layer) => layer.parameters.length > 0);
  const built = plan.layers.map(({ shape, output, outputGradient, parameters }, index) => {
    const previous = plan.layers[index - 1];
    return layerType(shape.layer).build({
      layer: shape.layer,
      kernels,
      capacity: plan.capacity,
      inputSize: sizeOf(shape.inputShape),
      outputSize: sizeOf(shape.outputShape),
      x: previous?.output.offset ?? plan.input.offset,
      y: output.offset,
      dy: outputGradient.offset,
      // No parameter below needs the gradient of the input.
      dx: previous && index > firstTrained ? previous.outputGradient.offset : 0,
      parameters,
      scratch,
    });
  });
  return {
    forward: built.flatMap(({ forward }) => forward),
    backward: built.toReversed().flatMap(({ backward }) => backward),
  };
}
