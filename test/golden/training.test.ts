import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configOf, datasetOf, parametersOf, trainerOf } from '../unit/training/fixtures.ts';

interface Case {
  name: string;
  layer: string | Record<string, unknown>;
  loss: 'softmaxCrossEntropy' | 'meanSquaredError';
  optimizer: Record<string, unknown>;
  regularization: { l2: number; bias: boolean };
  shape: [number, number, number, number];
  inputs: number[];
  labels: number[];
  targets: number[];
  start: number[][][];
  gradient: number[][][];
  losses: number[];
  costs: number[];
  end: number[][][];
}

const file = new URL('./training.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] };

function trainerOfCase(golden: Case, variant: 'relaxed-simd' | 'simd') {
  const [rows, features, hidden, outputs] = golden.shape;
  const config = configOf({
    model: {
      layers: [
        { dense: hidden },
        golden.layer,
        { dense: hidden },
        golden.layer,
        { dense: outputs },
      ],
    },
    loss: golden.loss,
    optimizer: golden.optimizer,
    regularization: golden.regularization,
    training: { batchSize: 'full', shuffle: false },
  });
  const answers =
    golden.loss === 'softmaxCrossEntropy' ? { labels: golden.labels } : { targets: golden.targets };
  const inputs = Float32Array.from(golden.inputs);
  expect(inputs.length).toBe(rows * features);
  const dataset = datasetOf({ inputs, shape: [features], outputs, ...answers });
  const trainer = trainerOf(config, dataset, variant);
  const start = golden.start.flat();
  for (const [index, { value }] of parametersOf(trainer).entries()) value.set(start[index]);
  return trainer;
}

function expectClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]));
    if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
      expect.fail(`value ${i} is ${actual[i]}, PyTorch has ${expected[i]}`);
    }
  }
}

describe.each(['relaxed-simd', 'simd'] as const)('golden numbers of PyTorch, %s', (variant) => {
  it.each(cases)('$name', (golden) => {
    const trainer = trainerOfCase(golden, variant);
    const losses: number[] = [];
    const costs: number[] = [];
    for (let step = 0; step < golden.losses.length; step++) {
      expect(trainer.trainStep()).toBe(true);
      losses.push(trainer.last.dataLoss);
      costs.push(trainer.last.loss);
      if (step > 0) continue;
      for (const [index, { gradient }] of parametersOf(trainer).entries()) {
        expectClose(gradient, golden.gradient.flat()[index], 2e-6);
      }
    }
    expectClose(losses, golden.losses, 5e-6);
    expectClose(costs, golden.costs, 5e-6);
    for (const [index, { value }] of parametersOf(trainer).entries()) {
      expectClose(value, golden.end.flat()[index], 2e-5);
    }
  });
});
