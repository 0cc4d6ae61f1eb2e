import { expect } from 'vitest';
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
import { relativeError } from '../../reference/gradient-check.ts';
import { sequence } from '../../reference/network.ts';
import { tensor } from '../../reference/tensor.ts';
import { configOf } from '../training/fixtures.ts';

const CAPACITY = 11;

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

/**
 * At test time the network and each of its first layers give the reference's values, all of which stay, and
 * send its gradient down to the input; up to so much of a tensor's largest value.
 */
export function expectExplored(
  tolerance: number,
  layers: LayerConfig[],
  inputShape: number[],
): void {
  const { plan, memory, held, input, ops } = explored(layers, inputShape);
  const last = plan.layers.length - 1;
  for (const rows of [CAPACITY, 3]) {
    const x = tensor([rows, ...inputShape], input.subarray(0, rows * sizeOf(inputShape)));
    run(ops.forward(last), rows);
    for (let count = 1; count <= layers.length; count++) {
      const top = plan.layers.findLastIndex(({ shape }) => Number(shape.path[2]) < count);
      const { output, outputGradient } = plan.layers[top];
      const { y, backward } = sequence(layers.slice(0, count)).forward(x, held, false);
      const values = floats(memory, output.offset, y.values.length);
      expect(relativeError(values, y.values, 0.1), `values ${top}`).toBeLessThan(tolerance);
      const random = new RandomStream(rows, 'dy', count);
      const dy = Float32Array.from(y.values, () => random.normal());
      floats(memory, outputGradient.offset, dy.length).set(dy);
      run(ops.backward(top, 'gradient'), rows);
      const { dx } = backward(tensor(y.shape, dy));
      const gradient = floats(memory, inputGradientOf(plan), x.values.length);
      expect(relativeError(gradient, dx.values, 0.1), `gradient ${top}`).toBeLessThan(tolerance);
      // What backward used up comes back.
      run(ops.forward(last), rows);
    }
  }
}
