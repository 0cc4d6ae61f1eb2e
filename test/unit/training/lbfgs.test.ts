import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import type { UserError } from '../../../core/events/user-error.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { regularizationOf } from '../../../core/training/regularization.ts';
import type { Trainer } from '../../../core/training/trainer.ts';
import { relativeError } from '../../reference/gradient-check.ts';
import { optimizerOf } from '../../reference/optimizers.ts';
import { blobs, configOf, datasetOf, parametersOf, trainerOf } from './fixtures.ts';

/** Two parts of the first weights, and vectors that are not whole. */
const FEATURES = 111;
const layers = [{ dense: 203 }, 'tanh', { dense: 3 }];

function rows() {
  const random = new RandomStream(7, 'lbfgs');
  const inputs = Float32Array.from({ length: 40 * FEATURES }, () => random.normal());
  const labels = Array.from({ length: 40 }, () => random.integer(3));
  return datasetOf({ inputs, shape: [FEATURES], labels, outputs: 3 });
}

function configWith(optimizer: Record<string, unknown>, parts: Record<string, unknown> = {}) {
  return configOf({
    model: { layers },
    optimizer: { type: 'lbfgs', ...optimizer },
    training: { batchSize: 'full' },
    ...parts,
  });
}

type Values = Record<string, Float64Array>;

function valuesOf(trainer: Trainer, which: 'value' | 'gradient'): Values {
  return Object.fromEntries(
    parametersOf(trainer)
      .filter((_, i) => trainer.plan.network.parameters[i].trained)
      .map((parameter) => [parameter.id, Float64Array.from(parameter[which])]),
  );
}

describe('lbfgs', () => {
  it.each<[name: string, steps: number, memory: number, parts: Record<string, unknown>]>([
    ['whose memory is not yet full', 8, 10, {}],
    ['whose memory goes round', 14, 3, {}],
    ['of one pair', 8, 1, {}],
    ['with penalties', 10, 4, { regularization: { l1: 1e-3, l2: 1e-2, bias: true } }],
    ['clipped by value', 10, 4, { gradientClip: { value: 0.01 } }],
    ['clipped by norm', 10, 4, { gradientClip: { norm: 0.05 } }],
    ['with a schedule', 10, 4, { schedule: { type: 'step', every: 2, factor: 0.7 } }],
    [
      'with a frozen layer',
      8,
      4,
      { model: { layers, from: { checkpoint: 'unused.safetensors', freeze: 1 } } },
    ],
  ])('%s does the steps of the float64 reference', (_, steps, memory, parts) => {
    const config = configWith({ learningRate: 0.4, memory }, parts);
    const trainer = trainerOf(config, rows());
    const reference = optimizerOf({ type: 'lbfgs', learningRate: 0.4, memory });
    const penalties = new Map(
      trainer.plan.network.layers.flatMap(({ shape, parameters }) =>
        parameters.map((one) => [one.summary.id, regularizationOf(config, shape.layer, one)]),
      ),
    );
    for (let step = 0; step < steps; step++) {
      // The first step is divided by ‖g‖₁: so short a one would be lost in float32.
      trainer.learningRate = step === 0 ? 30 : 0.4;
      const before = valuesOf(trainer, 'value');
      expect(trainer.trainStep()).toBe(true);
      const gradients = valuesOf(trainer, 'gradient');
      const squares = Object.values(gradients).map((g) => g.reduce((sum, v) => sum + v * v, 0));
      const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      const { value = Number.POSITIVE_INFINITY, norm: largest } = config.gradientClip ?? {};
      const scale = largest === undefined ? 1 : Math.min(1, largest / (norm + 1e-6));
      for (const [id, g] of Object.entries(gradients)) {
        const { l1, l2 } = penalties.get(id)!;
        for (const [i, w] of before[id].entries()) {
          g[i] = Math.min(Math.max(scale * g[i], -value), value) + l2 * w + l1 * Math.sign(w);
        }
      }
      const expected = Object.fromEntries(
        Object.entries(before).map(([id, values]) => [id, values.slice()]),
      );
      reference(expected, gradients, trainer.last.learningRate);
      const after = valuesOf(trainer, 'value');
      const moved = (to: Values) =>
        Object.entries(before).flatMap(([id, from]) => [...from.map((w, i) => to[id][i] - w)]);
      expect(relativeError(moved(after), moved(expected), 0), `step ${step}`).toBeLessThan(2e-5);
      expect(Math.max(...moved(expected).map(Math.abs))).toBeGreaterThan(0);
    }
  });

  it('brings a small network to its minimum in some dozen steps', () => {
    const optimizer = { type: 'lbfgs' };
    const trainer = trainerOf(
      configWith(optimizer, {
        model: { layers: [{ dense: 3 }] },
        regularization: { l2: 1e-2 },
      }),
      blobs(),
    );
    for (let step = 0; step < 40; step++) trainer.trainStep();
    // Penalty included, the slope has vanished: of each weight, and so of the cost.
    const { value, gradient } = parametersOf(trainer)[0];
    expect(Math.max(...value.map((w, i) => Math.abs(gradient[i] + 1e-2 * w)))).toBeLessThan(1e-4);
    expect(trainer.evaluate()?.accuracy).toBeGreaterThan(0.9);
  });

  it('measures the ratio of the step that was done', () => {
    const trainer = trainerOf(configWith({ memory: 2 }), rows());
    for (let step = 0; step < 5; step++) {
      const before = valuesOf(trainer, 'value');
      trainer.trainStep();
      const after = valuesOf(trainer, 'value');
      for (const [i, [id, values]] of Object.entries(before).entries()) {
        const norm = Math.hypot(...values);
        const ratio = Math.hypot(...values.map((w, k) => after[id][k] - w)) / norm;
        if (norm > 0) expect(trainer.ratios[i] / ratio).toBeCloseTo(1, 3);
      }
    }
  });

  it('stays where the gradient is 0, and goes on from there', () => {
    const targets = Array.from({ length: 8 }, () => 0);
    const inputs = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
    const config = configWith(
      {},
      {
        data: { source: 'unused.csv', task: 'regression' },
        model: { layers: [{ dense: 1 }], init: 'zeros' },
      },
    );
    const trainer = trainerOf(config, datasetOf({ inputs, shape: [2], targets, outputs: 1 }));
    const [{ value }] = parametersOf(trainer);
    for (let step = 0; step < 3; step++) {
      trainer.trainStep();
      expect([...value]).toEqual([0, 0]);
    }
    value.set([1, -2]);
    for (let step = 0; step < 25; step++) trainer.trainStep();
    expect(Math.hypot(...value)).toBeLessThan(1e-3);
  });

  it('leaves weights and memory as they are where the loss is NaN, and throws nothing', () => {
    const trainer = trainerOf(configWith({}), rows());
    for (let step = 0; step < 3; step++) trainer.trainStep();
    parametersOf(trainer)[0].value[5] = Number.NaN;
    const before = [...parametersOf(trainer)[2].value];
    for (let step = 0; step < 3; step++) expect(trainer.trainStep()).toBe(true);
    expect(trainer.last.loss).toBeNaN();
    expect([...parametersOf(trainer)[2].value]).toEqual(before);
  });

  it('counts its pairs in the plan, and says how many there is room for', () => {
    const bytes = (memory: number) =>
      planTraining(configWith({ memory }), rows()).summary.arenaBytes;
    const parameters = FEATURES * 203 + 203 + 203 * 3 + 3;
    expect((bytes(20) - bytes(10)) / (10 * 2 * parameters * 4)).toBeCloseTo(1, 1);

    const large = { model: { layers: [{ dense: 100_000 }, { dense: 3 }] } };
    const plan = (memory: number) => planTraining(configWith({ memory }, large), rows());
    let refusal: UserError | null = null;
    try {
      plan(1000);
    } catch (error) {
      refusal = error as UserError;
    }
    expect(refusal?.place.path).toEqual(['optimizer', 'memory']);
    expect(refusal?.message).toMatch(
      /would need \d+\.\d GiB.*at most 4 GiB.*room for memory: \d+\./,
    );
    const fitting = Number(/memory: (\d+)/.exec(refusal!.message)![1]);
    expect(plan(fitting).summary.arenaBytes).toBeLessThanOrEqual(2 ** 32);
    expect(() => plan(fitting + 1)).toThrow(/room for memory/);
    // Without any pair it would not fit either.
    const absurd = { model: { layers: [{ dense: 1e8 }, { dense: 3 }] } };
    expect(() => planTraining(configWith({}, absurd), rows())).toThrow(/Use smaller layers/);
  });
});
