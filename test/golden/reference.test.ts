import { describe, expect, it } from 'vitest';
import type { ReferenceConfig } from '../reference/config.ts';
import { relativeError } from '../reference/gradient-check.ts';
import type { Values } from '../reference/layer.ts';
import { plateauFactors } from '../reference/schedules.ts';
import { tensor } from '../reference/tensor.ts';
import { train } from '../reference/train.ts';
import { cases, type GoldenCase, plateaus } from './cases.ts';

/** Both compute in float64; the numbers are written with nine digits. */
const TOLERANCE = 1e-7;

function reference(golden: GoldenCase, config = golden.config) {
  const { shape, inputs, answers, start, losses } = golden;
  const values = Object.entries(start).map(([id, value]) => [id, Float64Array.from(value)]);
  return train(
    config,
    {
      inputs: tensor(shape, inputs),
      answers: 'labels' in answers ? answers : { targets: Float64Array.from(answers.targets) },
    },
    Object.fromEntries(values) as Values,
    losses.length,
  );
}

function expectSame(actual: Values, expected: Record<string, number[]>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [id, values] of Object.entries(expected)) {
    expect(relativeError(actual[id], values), id).toBeLessThan(TOLERANCE);
  }
}

function rulesOf(config: ReferenceConfig) {
  return (['regularization', 'gradientClip', 'schedule'] as const).filter((rule) => config[rule]);
}

describe('the float64 reference agrees with PyTorch', () => {
  it.each(cases)('$name', (golden) => {
    const trained = reference(golden);
    expectSame(trained.gradient, golden.gradient);
    expect(relativeError(trained.losses, golden.losses)).toBeLessThan(TOLERANCE);
    expect(relativeError(trained.costs, golden.costs)).toBeLessThan(TOLERANCE);
    expect(relativeError(trained.rates, golden.rates)).toBeLessThan(TOLERANCE);
    expectSame(trained.end, golden.end);
    expect(relativeError([trained.tested], [golden.tested])).toBeLessThan(TOLERANCE);
  });

  it.each(plateaus)('plateau of patience $patience, factor $factor', (golden) => {
    expect(relativeError(plateauFactors(golden, golden.losses), golden.factors)).toBeLessThan(
      TOLERANCE,
    );
  });

  it.each(cases.filter(({ config }) => rulesOf(config).length > 0))(
    '$name: each rule has an effect',
    (golden) => {
      for (const rule of rulesOf(golden.config)) {
        const { end } = reference(golden, { ...golden.config, [rule]: undefined });
        const changed = Object.keys(end).some(
          (id) => relativeError(end[id], golden.end[id]) > 1e-4,
        );
        expect(changed, rule).toBe(golden.name !== 'clipped by a norm it does not reach');
      }
    },
  );

  it('in at least five steps of training each, under a name of its own', () => {
    expect(Math.min(...cases.map(({ losses }) => losses.length))).toBeGreaterThanOrEqual(5);
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});
