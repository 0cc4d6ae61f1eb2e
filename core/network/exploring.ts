import type { Kernels, Offset } from '../kernels/kernels.ts';
import { sizeOf } from './layers/layer.ts';
import { buildLayers, joinSkip, type NetworkPlan, type PlannedLayer } from './network.ts';
import { type Op, rowsOp } from './op.ts';
import type { Rectification } from './rectification.ts';

/** A network that was planned for exploring, at test time. */
export interface ExploringOps {
  /** From the input to the output of layer `to`. */
  forward(to: number): Op[];
  /** The same with dropout as in training: the masks are those of the pass's step. */
  masked(to: number): Op[];
  /** From ∂L/∂output of layer `from` to ∂L/∂input of the network, after a forward pass as far as there. */
  backward(from: number, rectification: Rectification): Op[];
  /** The same through one layer alone, from its output to its input. */
  backwardOf(layer: number): Op[];
  /** At the input of a layer: what went past the blocks that begin there joins. */
  joins(layer: number, from: number): Op[];
}

/** Only masks are drawn with the seed. */
export function buildExploring(
  kernels: Kernels,
  plan: NetworkPlan,
  scratch: Offset,
  seed = 0,
): ExploringOps {
  const built = buildLayers(kernels, plan, seed, scratch);
  const forward = built.map((ops) => ops.evaluate ?? ops.forward);
  const masked = built.map((ops, i) => (isMasked(plan.layers[i]) ? ops.forward : forward[i]));
  const backward = built.map((ops) => ops.inputGradient ?? ops.backward);
  const rectified = (index: number, rectification: Rectification): Op[] => {
    const planned = plan.layers[index];
    if (rectification === 'gradient' || planned.shape.layer.kind !== 'relu') return backward[index];
    const { outputGradient, inputGradient } = planned;
    return rectification === 'deconvolution'
      ? [rectify(kernels, plan.capacity, planned, inputGradient)]
      : [rectify(kernels, plan.capacity, planned, outputGradient.offset), ...backward[index]];
  };
  /** Of the blocks that begin at this layer and end at or below `from`. */
  const joins = (start: number, from: number): Op[] =>
    plan.layers
      .slice(0, from + 1)
      .filter(({ shape }) => shape.blockStart === start)
      .map(({ skip }) => joinSkip(kernels, plan.capacity, plan.layers[start], skip.dx));
  return {
    joins,
    backwardOf: (layer) => backward[layer],
    forward: (to) => forward.slice(0, to + 1).flat(),
    masked: (to) => masked.slice(0, to + 1).flat(),
    backward: (from, rectification) =>
      plan.layers
        .slice(0, from + 1)
        .flatMap((_, i) => [...rectified(from - i, rectification), ...joins(from - i, from)]),
  };
}

function isMasked({ shape: { layer } }: PlannedLayer): boolean {
  return layer.kind === 'dropout' || layer.kind === 'dropConnect';
}

/** to = max(0, dy) */
function rectify(kernels: Kernels, capacity: number, layer: PlannedLayer, to: Offset): Op {
  const size = sizeOf(layer.shape.outputShape);
  const { offset: dy } = layer.outputGradient;
  return rowsOp('rectify gradient', capacity, size, (from, count) => {
    const at = from * size * 4;
    kernels.reluForward(count * size, dy + at, to + at);
  });
}
