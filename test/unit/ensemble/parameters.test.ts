import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { RandomStream } from '../../../core/data/random.ts';
import { outputsOf } from '../../../core/ensemble/networks.ts';
import { measureMoments } from '../../../core/ensemble/parameter-mean.ts';
import { ExampleBook } from '../../../core/inspection/explorer/examples.ts';
import { Model } from '../../../core/inspection/explorer/model.ts';
import { planExploration } from '../../../core/inspection/explorer/plan.ts';
import { Reading } from '../../../core/inspection/explorer/reading.ts';
import { floats } from '../../../core/training/arena.ts';
import type { LayerConfig } from '../../reference/config.ts';
import { sequence } from '../../reference/network.ts';
import { tensor } from '../../reference/tensor.ts';
import { dataOf } from '../inspection/explorer/explored.ts';
import { configOf } from '../training/fixtures.ts';

/** A network of random parameters, and the same numbers in float64. */
function networkOf(layers: LayerConfig[], dataset: Dataset, seed = 1) {
  const config = configOf({ model: { layers }, training: { seed } });
  const plan = planExploration(config, dataset);
  const model = new Model(plan, () => {}, seed);
  const random = new RandomStream(7, 'parameters');
  const held: Record<string, Float64Array> = {};
  for (const { value, summary } of plan.network.parameters) {
    const values = floats(model.memory, value.offset, value.size);
    random.fillNormal(values, 0.7);
    held[summary.id] = Float64Array.from(values);
  }
  const book = new ExampleBook(dataset, dataset);
  const reading = new Reading(plan.shapes, plan.loss, plan.outputs, dataset);
  return { model, book, reading, poll: () => {}, held };
}

const statesOf = ({ model }: ReturnType<typeof networkOf>) =>
  model.plan.network.layers.flatMap(({ states }) =>
    states.map(({ offset, size }) => floats(model.memory, offset, size)),
  );

describe('batch normalization after its parameters were averaged', () => {
  it.each<[name: string, layers: LayerConfig[], shape: number[]]>([
    ['of rows', [{ dense: 5 }, 'batchNorm', 'tanh', { dense: 3 }], [4]],
    ['of the input', ['batchNorm', { dense: 3 }], [4]],
    [
      'one above another',
      [{ dense: 5 }, 'batchNorm', { dense: 4 }, 'batchNorm', { dense: 3 }],
      [4],
    ],
    ['of an image', [{ conv2d: 3 }, 'batchNorm', 'relu', { dense: 3 }], [5, 4, 2]],
    ['in a residual block', [{ residual: [{ dense: 4 }, 'batchNorm'] }, { dense: 3 }], [4]],
  ])('has the moments of the training part: %s', (_, layers, shape) => {
    // More examples than a pass takes, so that moments of batches are merged.
    const dataset = dataOf({ shape, rows: 300, validation: 30 });
    const network = networkOf(layers, dataset);
    const rows = Uint32Array.from({ length: 270 }, (_, i) => i);
    measureMoments(network, rows, 0);

    // In one batch, training normalizes with just these moments.
    const features = shape.reduce((a, b) => a * b, 1);
    const inputs = new Float32Array(270 * features);
    network.book.put('train', rows, inputs);
    const { y } = sequence(layers).forward(
      tensor([270, ...shape], Float64Array.from(inputs)),
      { ...network.held, ...startStates(layers, shape) },
      true,
    );
    const outputs = outputsOf(network, 'train', rows);
    // The variance is the unbiased one at test time: within 1/270 of the batch's.
    for (const [i, value] of outputs.entries())
      expect(Math.abs(value - y.values[i]!)).toBeLessThan(0.02 * (1 + Math.abs(y.values[i]!)));
  });

  it('of frozen layers stays', () => {
    const dataset = dataOf({ shape: [4], rows: 60 });
    const network = networkOf([{ dense: 5 }, 'batchNorm', { dense: 3 }], dataset);
    const before = statesOf(network).map((state) => [...state]);
    measureMoments(network, Uint32Array.from([0, 1, 2]), 2);
    expect(statesOf(network).map((state) => [...state])).toEqual(before);
  });
});

describe('passes with dropout', () => {
  const layers: LayerConfig[] = [{ dense: 40 }, { dropout: 0.5 }, { dense: 3 }];
  const dataset = dataOf({ shape: [4], rows: 200, validation: 20 });
  const rows = Uint32Array.from({ length: 180 }, (_, i) => i);
  const said = (draw: number | null, seed = 1) =>
    outputsOf(networkOf(layers, dataset, seed), 'train', rows, draw);

  it('draw other masks each time, the same for the same seed', () => {
    expect(said(0)).toEqual(said(0));
    expect(said(1)).not.toEqual(said(0));
    expect(said(0, 2)).not.toEqual(said(0));
    expect(said(null, 2)).toEqual(said(null));
  });

  it('say in the mean what the network says without', () => {
    const network = networkOf(layers, dataset);
    const plain = outputsOf(network, 'train', rows);
    const sums = new Float64Array(plain.length);
    const passes = 400;
    for (let draw = 0; draw < passes; draw++)
      for (const [i, value] of outputsOf(network, 'train', rows, draw).entries())
        sums[i]! += value / passes;
    // What follows dropout here is linear.
    const off = sums.map((sum, i) => Math.abs(sum - plain[i]!));
    expect(Math.max(...off)).toBeLessThan(2.5);
    expect(off.reduce((a, b) => a + b, 0) / off.length).toBeLessThan(0.35);
  });

  it('leave batch normalization as it is at test time', () => {
    const one = networkOf([{ dense: 5 }, 'batchNorm', { dense: 3 }], dataset);
    expect(outputsOf(one, 'train', rows, 3)).toEqual(outputsOf(one, 'train', rows));
  });
});

function startStates(layers: LayerConfig[], shape: number[]): Record<string, Float64Array> {
  return Object.fromEntries(
    sequence(layers)
      .states(shape)
      .map(({ name, size, start }) => [name, new Float64Array(size).fill(start)]),
  );
}
