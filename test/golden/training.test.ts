import { describe, expect, it } from 'vitest';
import { configSchema } from '../../core/config/index.ts';
import type { KernelVariant } from '../../core/events/run-event.ts';
import { Schedule } from '../../core/training/schedules/schedule.ts';
import { relativeError } from '../reference/gradient-check.ts';
import {
  configOf,
  datasetOf,
  parametersOf,
  statesOf,
  trainerOf,
} from '../unit/training/fixtures.ts';
import { cases, type GoldenCase, plateaus } from './cases.ts';

/** The engine computes in float32: of the largest value of a tensor, after one step and after several. */
const FIRST_STEP = 5e-6;
const LATER = 2e-5;
/** Tensors of smaller values are what is left where larger ones cancel. */
const FLOOR = 0.1;

function configOfCase({ config, answers }: GoldenCase) {
  const task = 'labels' in answers ? 'classification' : 'regression';
  return { data: { source: 'unused.csv', task }, ...config };
}

function trainerOfCase(golden: GoldenCase, variant: KernelVariant) {
  const { shape, inputs, answers, outputs, start } = golden;
  const dataset = datasetOf({
    inputs,
    shape: shape.slice(1),
    outputs,
    ...('labels' in answers ? answers : { targets: [...answers.targets] }),
  });
  const rows = { ...dataset, validation: dataset.train };
  const trainer = trainerOf(configSchema.parse(configOfCase(golden)), rows, variant);
  const parameters = parametersOf(trainer);
  expect(parameters.map(({ id }) => id).sort()).toEqual(Object.keys(start).sort());
  for (const { id, value } of parameters) value.set(start[id]);
  return trainer;
}

function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(relativeError(actual, expected, FLOOR), what).toBeLessThan(tolerance);
}

describe.each(['relaxed-simd', 'simd'] as const)('golden numbers of PyTorch, %s', (variant) => {
  it.each(cases)('$name', (golden) => {
    const trainer = trainerOfCase(golden, variant);
    const losses: number[] = [];
    const costs: number[] = [];
    const rates: number[] = [];
    for (let step = 0; step < golden.losses.length; step++) {
      expect(trainer.trainStep()).toBe(true);
      losses.push(trainer.last.dataLoss);
      costs.push(trainer.last.loss);
      rates.push(trainer.last.learningRate);
      if (step > 0) continue;
      for (const { id, gradient } of parametersOf(trainer)) {
        expectClose(gradient, golden.gradient[id], FIRST_STEP, `gradient of ${id}`);
      }
    }
    expectClose(losses, golden.losses, FIRST_STEP, 'losses');
    expectClose(costs, golden.costs, FIRST_STEP, 'costs');
    expectClose(rates, golden.rates, 1e-8, 'learning rates');
    const end = [...parametersOf(trainer), ...statesOf(trainer)];
    expect(end.map(({ id }) => id).sort()).toEqual(Object.keys(golden.end).sort());
    for (const { id, value } of end) expectClose(value, golden.end[id], LATER, id);
    expectClose([trainer.evaluate()!.loss], [golden.tested], LATER, 'loss at test time');
  });
});

describe('golden schedules on a plateau', () => {
  it.each(plateaus)('patience $patience, factor $factor', ({ losses, factors, ...options }) => {
    const config = configOf({
      model: { layers: [{ dense: 2 }] },
      schedule: { type: 'plateau', ...options },
    });
    const schedule = new Schedule(config.schedule, 1, losses.length);
    const found = losses.map((loss, epoch) => {
      schedule.see(loss);
      return schedule.factor(epoch + 1);
    });
    expectClose(found, factors, 1e-8, 'factors');
  });
});
