import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { instantiateKernels } from '../../../core/kernels/kernels.ts';
import { ArenaLayout } from '../../../core/network/layout.ts';
import { buildNetwork, planNetwork } from '../../../core/network/network.ts';
import type { Op } from '../../../core/network/op.ts';
import { PRODUCT_SCRATCH_BYTES } from '../../../core/network/product.ts';
import { inferShapes } from '../../../core/network/shapes.ts';
import { allocateArena, floats } from '../../../core/training/arena.ts';
import { configOf, datasetOf, statesOf, trainerOf } from '../training/fixtures.ts';

/** A batchNorm alone, on examples of this shape, with γ 1 and β 0. */
function normalizer(shape: number[], capacity: number, frozen = 0) {
  const layers = configOf({ model: { layers: ['batchNorm'] } }).model.layers;
  const arena = new ArenaLayout();
  const plan = planNetwork(arena, inferShapes(layers, shape), capacity, { frozen });
  const scratch = arena.reserve(PRODUCT_SCRATCH_BYTES);
  const memory = allocateArena(arena.bytes);
  const [{ parameters, states, input, output }] = plan.layers;
  const view = ({ offset, size }: { offset: number; size: number }) => floats(memory, offset, size);
  view(parameters[0].value).fill(1);
  view(states[1]).fill(1);
  const ops = buildNetwork(instantiateKernels(memory, 'relaxed-simd'), plan, 1, scratch);
  /** Parts in the opposite order: nothing may depend on who comes first. */
  const run = (list: Op[], rows: number, backward = false) => {
    for (const op of list) {
      for (let i = 0; i < op.parts; i++) {
        op.run(backward ? op.parts - 1 - i : i, { rows, position: 0, step: 0, learningRate: 0 });
      }
    }
  };
  const [runningMean, runningVariance] = states.map(view);
  return { ops, run, x: view(input), y: view(output), runningMean, runningVariance };
}

describe('statistics of a batch', () => {
  it.each<[name: string, shape: number[], rows: number, mean: number, std: number]>([
    ['one part', [8], 16, 0, 1],
    ['channels that fill no vector', [7], 50, 3, 2],
    ['several parts of rows', [24, 24, 16], 20, -1, 0.5],
    ['several parts of channels', [300], 200, 0, 1],
    ['a mean far from 0', [3, 40, 4], 64, 1000, 1],
    ['a small scale', [33], 64, 0, 1e-2],
  ])('%s', (_name, shape, rows, mean, std) => {
    const { ops, run, x, y, runningMean, runningVariance } = normalizer(shape, rows);
    const random = new RandomStream(1, 'batch');
    for (const i of x.keys()) x[i] = mean + std * random.normal();
    run(ops.forward, rows);
    const once = y.slice();
    const channels = shape[shape.length - 1];
    const n = x.length / channels;
    run(ops.update, rows);
    for (let c = 0; c < channels; c++) {
      const values = Array.from({ length: n }, (_, i) => x[i * channels + c]);
      const center = values.reduce((sum, v) => sum + v, 0) / n;
      const squares = values.reduce((sum, v) => sum + (v - center) ** 2, 0);
      // x itself has an error of |mean| 2⁻²⁴.
      const tolerance = 2e-6 + (Math.abs(mean) / std) * 1e-7;
      for (const [i, v] of values.entries()) {
        const exact = (v - center) / Math.sqrt(squares / n + 1e-5);
        expect(Math.abs(y[i * channels + c] - exact)).toBeLessThan(tolerance * 4);
      }
      // r ← 0.9 r + 0.1 of the batch's, from 0 and 1.
      expect(Math.abs(runningMean[c] - 0.1 * center)).toBeLessThan(1e-7 + Math.abs(center) * 1e-7);
      const variance = 0.9 + (0.1 * squares) / (n - 1);
      expect(Math.abs(runningVariance[c] - variance)).toBeLessThan(2e-6);
    }
    run(ops.forward, rows, true);
    expect(y).toEqual(once);
  });

  it.each([Number.NaN, Infinity])('%d makes its channel NaN and no other', (bad) => {
    const { ops, run, x, y } = normalizer([5], 8);
    for (const i of x.keys()) x[i] = Math.cos(i);
    x[12] = bad;
    run(ops.forward, 8);
    for (const [i, value] of y.entries()) expect(Number.isNaN(value)).toBe(i % 5 === 2);
  });

  it('a single value a channel gives β, and the running averages stay', () => {
    const { ops, run, x, y, runningMean, runningVariance } = normalizer([5], 8);
    x.fill(3);
    run(ops.forward, 1);
    run(ops.update, 1);
    expect([...y.subarray(0, 5)]).toEqual([0, 0, 0, 0, 0]);
    expect([...runningMean]).toEqual([0, 0, 0, 0, 0]);
    expect([...runningVariance]).toEqual([1, 1, 1, 1, 1]);
  });

  it('a frozen layer normalizes with its running averages and keeps them', () => {
    const { ops, run, x, y, runningMean, runningVariance } = normalizer([3], 4, 1);
    for (const i of x.keys()) x[i] = i;
    runningMean.set([1, 2, 3]);
    runningVariance.set([4, 4, 4]);
    run(ops.forward, 4);
    for (const [i, value] of y.entries()) {
      expect(value).toBeCloseTo((i - [1, 2, 3][i % 3]) / Math.sqrt(4 + 1e-5), 6);
    }
    run(ops.update, 4);
    expect([...runningMean, ...runningVariance]).toEqual([1, 2, 3, 4, 4, 4]);
  });
});

describe('running averages', () => {
  const dataset = datasetOf({
    inputs: Float32Array.from({ length: 7 * 3 }, (_, i) => Math.sin(i)),
    shape: [3],
    outputs: 2,
    labels: [0, 1, 0, 1, 0, 1, 0],
    validation: 2,
  });
  const config = configOf({
    model: { layers: ['batchNorm', { dense: 2 }] },
    training: { batchSize: 4 },
  });

  it('an evaluation leaves them and the next step alone', () => {
    const [plain, watched] = [trainerOf(config, dataset), trainerOf(config, dataset)];
    for (let i = 0; i < 5; i++) {
      plain.trainStep();
      watched.trainStep();
      watched.evaluate();
      expect(statesOf(watched)).toEqual(statesOf(plain));
    }
    expect(watched.last).toEqual(plain.last);
  });
});
