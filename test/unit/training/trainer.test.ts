import { describe, expect, it } from 'vitest';
import { standardizeTargets } from '../../../core/data/preprocess.ts';
import { RandomStream } from '../../../core/data/random.ts';
import { UserError } from '../../../core/events/user-error.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { Trainer } from '../../../core/training/trainer.ts';
import { blobs, configOf, datasetOf, parametersOf, trainerOf } from './fixtures.ts';

const layers = [{ dense: 20 }, 'relu', { dense: 3 }];

function run(steps: number, parts: Record<string, unknown> = {}) {
  const trainer = trainerOf(configOf({ model: { layers }, ...parts }), blobs());
  const losses = Array.from({ length: steps }, () => {
    trainer.trainStep();
    return trainer.last.loss;
  });
  return { trainer, losses };
}

describe('a trainer', () => {
  it('starts near ln C and learns', () => {
    const { trainer, losses } = run(60, { model: { layers, init: { normal: 1e-4 } } });
    expect(losses[0]).toBeCloseTo(Math.log(3), 3);
    expect(trainer.evaluate()?.accuracy).toBeGreaterThan(0.8);
  });

  it('gives the same bits for the same seed, others for another', () => {
    const [a, b, c] = [1, 1, 2].map((seed) => run(20, { training: { seed } }));
    expect(a.losses).toEqual(b.losses);
    expect(parametersOf(a.trainer)).toEqual(parametersOf(b.trainer));
    expect(a.losses).not.toEqual(c.losses);
  });

  it('visits every example once an epoch, in a new order each time', () => {
    const { trainer } = run(0, { training: { batchSize: 64 } });
    const order = new Uint32Array(trainer.memory.buffer, trainer.plan.train.order, 170);
    expect(trainer.stepsPerEpoch).toBe(3);
    const orders = [0, 1].map(() => {
      for (let i = 0; i < 3; i++) trainer.trainStep();
      return [...order];
    });
    for (const visited of orders) {
      expect(visited.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 170 }, (_, i) => i));
    }
    expect(orders[0]).not.toEqual(orders[1]);
  });

  it('evaluates without touching what training does', () => {
    const plain = run(12);
    const trainer = trainerOf(configOf({ model: { layers } }), blobs());
    const losses = Array.from({ length: 12 }, () => {
      trainer.evaluate();
      trainer.trainStep();
      return trainer.last.loss;
    });
    expect(losses).toEqual(plain.losses);
  });

  it('leaves parameters as they were when a step is abandoned, and can go on', () => {
    const config = configOf({ model: { layers } });
    const dataset = blobs();
    let polls = 0;
    let stopAt = Infinity;
    const trainer = new Trainer(
      config,
      dataset,
      planTraining(config, dataset),
      () => ++polls >= stopAt,
    );
    trainer.trainStep();
    const before = parametersOf(trainer).map(({ value }) => value.slice());
    stopAt = polls + 4;
    expect(trainer.trainStep()).toBe(false);
    expect(trainer.step).toBe(1);
    expect(parametersOf(trainer).map(({ value }) => value)).toEqual(before);
    stopAt = Infinity;
    trainer.trainStep();
    const { losses } = run(2);
    expect(trainer.last.loss).toBe(losses[1]);
  });

  it('takes a new learning rate at the next step', () => {
    const { trainer } = run(3);
    const before = parametersOf(trainer).map(({ value }) => value.slice());
    trainer.learningRate = 0;
    trainer.trainStep();
    expect(trainer.last.learningRate).toBe(0);
    expect(parametersOf(trainer).map(({ value }) => value)).toEqual(before);
    expect([...trainer.ratios]).toEqual([0, 0, 0, 0]);
  });

  it('measures the true update against the weights before it', () => {
    const { trainer } = run(1, { optimizer: { type: 'sgd', learningRate: 0.5, momentum: 0.9 } });
    const before = parametersOf(trainer).map(({ value }) => value.slice());
    trainer.trainStep();
    const after = parametersOf(trainer).map(({ value }) => value);
    const norm = (values: Float32Array) => Math.hypot(...values);
    for (const [i, old] of before.entries()) {
      const update = after[i].map((value, k) => value - old[k]);
      expect(trainer.ratios[i] / (norm(update) / norm(old))).toBeCloseTo(1, 4);
    }
  });

  it('goes on through NaN: a rate that explodes gives a non-finite cost, not an exception', () => {
    const { losses } = run(40, { optimizer: { type: 'sgd', learningRate: 1e30 } });
    expect(Number.isFinite(losses[0])).toBe(true);
    expect(losses.some((loss) => Number.isNaN(loss))).toBe(true);
  });

  it('reports R² and RMSE in the unit of the target', () => {
    const random = new RandomStream(1, 'line');
    const inputs = Float32Array.from({ length: 300 }, () => random.normal());
    const targets = [...inputs].map((x) => 50 * x + 7);
    const dataset = datasetOf({ inputs, shape: [1], targets, outputs: 1, validation: 60 });
    const config = configOf({
      data: { source: 'unused.csv', task: 'regression' },
      model: { layers: [{ dense: 1 }] },
      optimizer: { type: 'sgd', learningRate: 0.1 },
      training: { batchSize: 'full' },
    });
    const trainer = trainerOf(config, dataset);
    const mean = { rmse: trainer.evaluate()?.rmse ?? 0, r2: trainer.evaluate()?.r2 ?? 0 };
    expect(mean.rmse).toBeGreaterThan(20);
    for (let i = 0; i < 200; i++) trainer.trainStep();
    expect(trainer.evaluate()).toMatchObject({ accuracy: null });
    expect(trainer.evaluate()?.rmse).toBeLessThan(0.01);
    expect(trainer.evaluate()?.r2).toBeCloseTo(1, 6);
  });

  it('learns targets that are standardized; RMSE and R² stay in the unit of each', () => {
    const random = new RandomStream(1, 'lines');
    const inputs = Float32Array.from({ length: 300 }, () => random.normal());
    const targets = [...inputs].flatMap((x) => [5000 * x + 700, -0.01 * x]);
    const plain = datasetOf({ inputs, shape: [1], targets, outputs: 2, validation: 60 });
    const data = { source: 'unused.csv', task: 'regression', targets: 'standardize' };
    const config = configOf({
      data,
      model: { layers: [{ dense: 2 }] },
      optimizer: { type: 'sgd', learningRate: 0.1 },
      training: { batchSize: 'full' },
    });
    const targetScaling = standardizeTargets(plain.train, 2);
    const trainer = trainerOf(config, { ...plain, targetScaling });
    const predict = (value: number) => {
      for (const { value: parameters } of parametersOf(trainer)) parameters.fill(value);
    };
    predict(0);
    // Standardized outputs of 0 predict the mean of the training part.
    const validated = [...plain.validation!.indices];
    const errors = validated.flatMap((row) =>
      [0, 1].map((k) => plain.train.store.targets![2 * row + k] - targetScaling.offset[k]),
    );
    const rmse = Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(trainer.evaluate()!.rmse! / rmse).toBeCloseTo(1, 5);
    // The loss is that of the standardized targets, whose squares are 1 in the mean.
    expect(trainer.trainStep() && trainer.last.loss).toBeCloseTo(1, 5);
    for (let i = 0; i < 200; i++) trainer.trainStep();
    expect(trainer.evaluate()!.rmse).toBeLessThan(0.1);
    expect(trainer.evaluate()!.r2).toBeCloseTo(1, 6);
  });

  it('costs of bytes and of the same floats agree', () => {
    const bytes = Uint8Array.from({ length: 40 * 6 }, (_, i) => (i * 37) % 256);
    const labels = Array.from({ length: 40 }, (_, i) => i % 3);
    const losses = [bytes, Float32Array.from(bytes)].map((inputs) => {
      const dataset = datasetOf({ inputs, shape: [2, 3, 1], labels, outputs: 3 });
      dataset.preprocessing = {
        offset: new Float32Array(6).fill(128),
        scale: new Float32Array(6).fill(1 / 64),
      };
      const trainer = trainerOf(configOf({ model: { layers } }), dataset);
      trainer.trainStep();
      return trainer.last.loss;
    });
    expect(losses[0]).toBe(losses[1]);
  });
});

describe('a plan', () => {
  it('blames the last dense layer when the outputs are not the classes', () => {
    const config = configOf({ model: { layers: [{ dense: 20 }, 'relu', { dense: 4 }, 'tanh'] } });
    const plan = () => planTraining(config, blobs());
    expect(plan).toThrow(/ends in 4 outputs.*3 classes/);
    expect(plan).toThrow(UserError);
    try {
      plan();
    } catch (error) {
      expect((error as UserError).place.path).toEqual(['model', 'layers', 2]);
    }
  });

  it('refuses an absurd size with the estimate, before anything is allocated', () => {
    const absurd = [{ dense: 1_000_000 }, { dense: 1_000_000 }, { dense: 3 }];
    expect(() => planTraining(configOf({ model: { layers: absurd } }), blobs())).toThrow(
      /would need \d+\.\d GiB.*at most 4 GiB/,
    );
  });

  it('summarizes layers, shapes and parameters', () => {
    const { summary } = planTraining(configOf({ model: { layers } }), blobs());
    expect(summary.parameterCount).toBe(4 * 20 + 20 + 20 * 3 + 3);
    expect(summary.layers.map(({ label, outputShape }) => [label, outputShape])).toEqual([
      ['dense 1', [20]],
      ['relu 1', [20]],
      ['dense 2', [3]],
    ]);
    expect(summary.layers[2].parameters[1]).toEqual({
      id: 'model.layers.2.biases',
      name: 'biases',
      shape: [3],
    });
  });
});
