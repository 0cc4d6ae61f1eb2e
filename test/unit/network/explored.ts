import { RandomStream } from '../../../core/data/random.ts';
import { instantiateKernels, supportedVariant } from '../../../core/kernels/kernels.ts';
import { buildExploring } from '../../../core/network/exploring.ts';
import { sizeOf } from '../../../core/network/layers/layer.ts';
import { ArenaLayout } from '../../../core/network/layout.ts';
import { type NetworkPlan, planNetwork } from '../../../core/network/network.ts';
import type { Op } from '../../../core/network/op.ts';
import { PRODUCT_SCRATCH_BYTES } from '../../../core/network/product.ts';
import { inferShapes } from '../../../core/network/shapes.ts';
import { allocateArena, floats } from '../../../core/training/arena.ts';
import type { LayerConfig } from '../../reference/config.ts';
import { configOf } from '../training/fixtures.ts';

export const CAPACITY = 11;

/** A network with random parameters and running averages, in an arena of its own. */
export function explored(layers: LayerConfig[], inputShape: number[]) {
  const shapes = inferShapes(configOf({ model: { layers } }).model.layers, inputShape);
  const arena = new ArenaLayout();
  const plan = planNetwork(arena, shapes, CAPACITY, 'exploring');
  const scratch = arena.reserve(Math.max(PRODUCT_SCRATCH_BYTES, plan.scratchBytes));
  const memory = allocateArena(arena.bytes);
  // What is read before it is written shows.
  floats(memory, 0, arena.bytes >> 2).fill(Number.NaN);
  const random = new RandomStream(7, 'exploring');
  const held: Record<string, Float64Array> = {};
  // But caches begin as zeros.
  for (const offset of plan.layers.flatMap(({ caches }) => caches))
    floats(memory, offset, 1024).fill(0);
  for (const { shape, parameters, states } of plan.layers) {
    for (const { summary, value, fanIn } of parameters) {
      const values = floats(memory, value.offset, value.size);
      random.fillNormal(values, Math.min(0.7, 2 / Math.sqrt(fanIn)));
      held[summary.id] = Float64Array.from(values);
    }
    for (const [i, { offset, size }] of states.entries()) {
      const values = floats(memory, offset, size);
      for (const k of values.keys()) values[k] = 0.5 + random.uniform();
      held[[...shape.path, shape.states[i].name].join('.')] = Float64Array.from(values);
    }
  }
  const input = floats(memory, plan.input.offset, CAPACITY * sizeOf(inputShape));
  random.fillNormal(input, 1);
  const ops = buildExploring(instantiateKernels(memory, supportedVariant()), plan, scratch);
  return { shapes, plan, memory, held, input, ops };
}

export function run(ops: readonly Op[], rows: number): void {
  const pass = { rows, position: 0, step: 0, learningRate: 0 };
  for (const op of ops) for (let part = 0; part < op.parts; part++) op.run(part, pass);
}

/** Where layer 0 sends its gradient. */
export function inputGradientOf(plan: NetworkPlan): number {
  return plan.layers[0].inputGradient;
}
