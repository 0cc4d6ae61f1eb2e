import type { Kernels, Offset } from '../kernels/kernels.ts';
import { chainOps, type LayerOp } from './chains.ts';
import { layerType } from './layers/index.ts';
import {
  type LayerConfig,
  type LayerOps,
  type LayerType,
  type Parameter,
  sizeOf,
} from './layers/layer.ts';
import type { ArenaLayout, Tensor } from './layout.ts';
import { type Op, rowsOp } from './op.ts';
import { placeActivations, placeGradients } from './places.ts';
import type { LayerShape } from './shapes.ts';

/** A layer's places in the arena. */
export interface PlannedLayer {
  shape: LayerShape;
  /** What comes in and goes out, [capacity × size]. */
  input: Tensor;
  output: Tensor;
  /** ∂L/∂output: there only while the layers above and this one go backward. */
  outputGradient: Tensor;
  /** ∂L/∂input, 0 where nobody wants it: nothing below is trained. */
  inputGradient: Offset;
  skip: { x: Offset; dx: Offset };
  parameters: Parameter[];
  states: Tensor[];
  caches: Offset[];
  /** It works as at test time, and nothing of it changes. */
  frozen: boolean;
}

export interface NetworkPlan {
  /** Largest number of examples in a pass. */
  capacity: number;
  /** The batch, [capacity × size]. */
  input: Tensor;
  layers: PlannedLayer[];
  /** All parameter sets, in the order of layers. */
  parameters: Parameter[];
  workspace: Offset;
  /** What a thread needs of its own for the layers that ask. */
  scratchBytes: number;
}

/**
 * What a network is for. To be trained: parameters have gradients, those of the first `frozen` layers of
 * the config excepted. To be explored at test time: every value stays, and gradients reach the input.
 */
export type Purpose = { frozen: number } | 'exploring';

/** Lays out a network's tensors. */
export function planNetwork(
  arena: ArenaLayout,
  shapes: readonly LayerShape[],
  capacity: number,
  purpose: Purpose = { frozen: 0 },
): NetworkPlan {
  const exploring = purpose === 'exploring';
  const frozen = exploring ? 0 : purpose.frozen;
  const isFrozen = (shape: LayerShape) => Number(shape.path[2]) < frozen;
  const isTrained = (shape: LayerShape) => !isFrozen(shape) && shape.parameters.length > 0;
  const values = shapes.map((shape) => shape.parameters.map((p) => arena.tensor(sizeOf(p.shape))));
  const gradients = shapes.map((shape) =>
    shape.parameters.map((p) => arena.tensor(exploring ? 0 : sizeOf(p.shape))),
  );
  const input = arena.tensor(capacity * sizeOf(shapes[0].inputShape));
  const outputs = placeActivations(arena, shapes, capacity, exploring);
  const firstTrained = shapes.findIndex(isTrained);
  const lowest = exploring ? -1 : firstTrained < 0 ? shapes.length : firstTrained;
  const gradientPlaces = placeGradients(arena, shapes, capacity, lowest);
  const { outputGradients, skipGradients } = gradientPlaces;
  const gradientBelow = (index: number) =>
    index === 0 ? gradientPlaces.inputGradient : outputGradients[index - 1];
  const inputOf = (index: number) => (index === 0 ? input : outputs[index - 1]);
  const layers = shapes.map((shape, index): PlannedLayer => {
    const { layer, inputShape, blockStart } = shape;
    return {
      shape,
      input: inputOf(index),
      output: outputs[index],
      outputGradient: outputGradients[index],
      inputGradient: index > lowest ? (gradientBelow(index)?.offset ?? 0) : 0,
      skip: {
        x: blockStart === null ? 0 : inputOf(blockStart).offset,
        dx: skipGradients[index]?.offset ?? 0,
      },
      parameters: shape.parameters.map((parameter, k) => ({
        ...parameter,
        summary: {
          id: [...shape.path, parameter.name].join('.'),
          name: parameter.name,
          shape: parameter.shape,
        },
        value: values[index][k],
        gradient: gradients[index][k],
        trained: isTrained(shape),
      })),
      states: shape.states.map(({ size }) => arena.tensor(size)),
      caches: (layerType(layer).caches?.(layer, inputShape, capacity) ?? []).map((bytes) =>
        arena.reserve(bytes),
      ),
      frozen: isFrozen(shape),
    };
  });
  const most = (bytes: (type: LayerType<LayerConfig>, shape: LayerShape) => number | undefined) =>
    Math.max(0, ...shapes.map((shape) => bytes(layerType(shape.layer), shape) ?? 0));
  const workspace = arena.reserve(
    most((type, { layer, inputShape }) => type.workspace?.(layer, inputShape, capacity)),
  );
  const scratchBytes = most((type, { layer, inputShape }) => type.scratch?.(layer, inputShape));
  const parameters = layers.flatMap((layer) => layer.parameters);
  return { capacity, input, layers, parameters, workspace, scratchBytes };
}

export interface NetworkOps {
  /** In training. */
  forward: Op[];
  /** At test time. */
  evaluate: Op[];
  /** From the gradient of the last output to those of all parameters. */
  backward: Op[];
  /** With the update of the parameters. */
  update: Op[];
}

/** What looks on: ops that change nothing of the network. */
export interface Taps {
  /** After a layer went forward, when its output is whole. */
  forward(layer: number): readonly Op[];
  /** Before it goes backward, when the gradient of its output is whole. */
  backward(layer: number): readonly Op[];
}

const NO_TAPS: Taps = { forward: () => [], backward: () => [] };

/** Fixes the operands of every kernel call of a pass. */
export function buildNetwork(
  kernels: Kernels,
  plan: NetworkPlan,
  seed: number,
  scratch: Offset,
  taps = NO_TAPS,
): NetworkOps {
  const built = buildLayers(kernels, plan, seed, scratch).map((ops, index): LayerOps => {
    // Of a frozen layer no dropout and no running average is wanted, and nothing goes backward.
    const { frozen } = plan.layers[index];
    return frozen ? { forward: ops.evaluate ?? ops.forward, backward: [] } : ops;
  });
  const firstTrained = plan.layers.findIndex(({ parameters }) =>
    parameters.some(({ trained }) => trained),
  );
  // Below the first trained layer nothing goes backward.
  const backward = built.map((ops, index) =>
    firstTrained >= 0 && index >= firstTrained ? [...taps.backward(index), ...ops.backward] : [],
  );
  for (const { shape, skip } of plan.layers) {
    if (shape.blockStart === null || skip.dx === 0) continue;
    const start = plan.layers[shape.blockStart];
    backward[shape.blockStart].push(joinSkip(kernels, plan.capacity, start, skip.dx));
  }
  // Forward, every tensor has its own place, or is written over by the next value of the same example.
  const chained = (lists: readonly Op[][]) => chainOps(inOrder(lists), plan.capacity, () => true);
  return {
    forward: chained(built.map(({ forward }, index) => [...forward, ...taps.forward(index)])),
    evaluate: chained(built.map(({ forward, evaluate }) => evaluate ?? forward)),
    backward: chainOps(inOrder(backward, true), plan.capacity, (layers, layer) =>
      maySendDown(plan, layers, layer),
    ),
    update: built.flatMap(({ update }) => update ?? []),
  };
}

/** Each layer's ops on their own. */
export function buildLayers(
  kernels: Kernels,
  plan: NetworkPlan,
  seed: number,
  scratch: Offset,
): LayerOps[] {
  return plan.layers.map((planned) => {
    const { shape, input, output, outputGradient, parameters, states, caches } = planned;
    return layerType(shape.layer).build({
      layer: shape.layer,
      kernels,
      capacity: plan.capacity,
      inputShape: shape.inputShape,
      outputShape: shape.outputShape,
      inputSize: sizeOf(shape.inputShape),
      outputSize: sizeOf(shape.outputShape),
      x: input.offset,
      y: output.offset,
      dy: outputGradient.offset,
      dx: planned.inputGradient,
      parameters,
      states,
      caches,
      skip: planned.skip,
      random: { seed, purpose: shape.path.join('.') },
      workspace: plan.workspace,
      scratch,
    });
  });
}

/** All ops, from the first layer to the last, or from the last to the first. */
function inOrder(lists: readonly Op[][], down = false): LayerOp[] {
  const ofLayers = lists.map((ops, layer) => ops.map((op) => ({ op, layer })));
  return (down ? ofLayers.toReversed() : ofLayers).flat();
}

/**
 * Gradients share bytes: what a layer sends down may lie where those above wait for it to be read, unless
 * it is written over its own. Around a residual block gradients wait too.
 */
function maySendDown(plan: NetworkPlan, above: readonly number[], index: number): boolean {
  const ofBlock = ({ shape, skip }: PlannedLayer) => shape.blockStart !== null || skip.dx !== 0;
  if (plan.layers.some(ofBlock)) return above.length === 0;
  const { shape, inputGradient, outputGradient } = plan.layers[index];
  if (inputGradient === 0 || inputGradient === outputGradient.offset) return true;
  return above.every((each) => {
    const { offset, size } = plan.layers[each].outputGradient;
    return (
      offset + size * 4 <= inputGradient ||
      inputGradient + plan.capacity * sizeOf(shape.inputShape) * 4 <= offset
    );
  });
}

/** Where a residual block begins, the gradient that went past it joins the one that went through. */
export function joinSkip(
  kernels: Kernels,
  capacity: number,
  { shape, inputGradient: dx }: PlannedLayer,
  skip: Offset,
): Op {
  const size = sizeOf(shape.inputShape);
  return rowsOp('residual join', capacity, size, (from, count) => {
    const at = from * size * 4;
    kernels.add(count * size, dx + at, skip + at, dx + at);
  });
}
