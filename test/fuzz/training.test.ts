import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Config, parseConfig } from '../../core/config/index.ts';
import { loadDataset } from '../../core/data/index.ts';
import { UserError } from '../../core/events/user-error.ts';
import { planTraining } from '../../core/training/plan.ts';
import { Trainer } from '../../core/training/trainer.ts';

const amount = fc.constantFrom(1e-300, 1e-8, 0.01, 1, 1e5, 1e39, 1e308);
const decay = fc.constantFrom(0, 0.5, 0.9, 0.999, 1 - 2 ** -53);
const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const regularization = fc.record({ l1: some(amount), l2: some(amount), bias: some(fc.boolean()) });
const init = fc.oneof(
  fc.constantFrom('zeros', 'xavier', 'he'),
  amount.map((normal) => ({ normal })),
);
const units = fc.constantFrom(...[1, 2, 3, 5, 8, 17, 33, 64, 1e9]);
const layer = fc.oneof(
  { weight: 3, arbitrary: units.map((dense) => ({ dense })) },
  fc.record({
    dense: fc.record({
      units,
      bias: some(fc.boolean()),
      init: some(init),
      regularization: some(regularization),
    }),
  }),
  fc.constantFrom('sigmoid', 'tanh', 'relu', 'leakyRelu', 'elu'),
  fc.constantFrom(0, 0.5).map((slope) => ({ leakyRelu: { slope } })),
  amount.map((alpha) => ({ elu: { alpha } })),
);
const config = fc.record({
  data: fc.record({
    source: fc.constantFrom('spiral', 'blobs', 'circles', 'moons', 'gaussian'),
    examples: fc.integer({ min: 1, max: 150 }),
    classes: some(fc.integer({ min: 2, max: 4 })),
    noise: some(fc.oneof(fc.constant(0), amount)),
    validation: fc.constantFrom(0.001, 0.2, 0.5, 0.999),
    preprocess: some(fc.array(fc.constantFrom('center', 'standardize', 'scale'), { maxLength: 3 })),
  }),
  model: fc.record({
    layers: fc.array(layer, { maxLength: 4 }),
    init: some(init),
    biasInit: some(fc.constantFrom(0, 0.1, -1e308)),
  }),
  loss: some(
    fc.oneof(
      fc.constantFrom('softmaxCrossEntropy', 'binaryCrossEntropy', 'hinge', 'meanSquaredError'),
      amount.map((delta) => ({ type: 'huber', delta })),
      fc.record({
        labelSmoothing: some(decay),
        classWeights: some(
          fc.oneof(fc.constant('balanced'), fc.array(amount, { minLength: 2, maxLength: 3 })),
        ),
      }),
    ),
  ),
  optimizer: some(
    fc.oneof(
      fc.record({
        type: fc.constant('sgd'),
        learningRate: some(amount),
        momentum: some(decay),
        nesterov: some(fc.boolean()),
      }),
      fc.record({
        type: fc.constant('adam'),
        learningRate: some(amount),
        beta1: some(decay),
        beta2: some(decay),
        epsilon: some(amount),
      }),
    ),
  ),
  regularization: some(regularization),
  training: fc.record({
    batchSize: fc.constantFrom(1, 7, 64, 1e9, 'full'),
    shuffle: some(fc.boolean()),
    seed: fc.constantFrom(0, 1, 2 ** 40),
  }),
});

/** With a last layer that fits the classes, as nearly all configs would be refused without. */
const fitting = fc.tuple(config, fc.nat(9)).map(([raw, die]) => {
  const { source, classes } = raw.data;
  const usual = source === 'spiral' || source === 'blobs' ? 3 : 2;
  const dense = die === 0 ? 7 : (classes ?? usual);
  return { ...raw, model: { ...raw.model, layers: [...raw.model.layers, { dense }] } };
});

const STEPS = 3;

async function trainBriefly(config: Config): Promise<void> {
  const dataset = await loadDataset(config.data, {
    folder: '/',
    seed: config.training.seed,
    readableRoots: [],
  });
  const plan = planTraining(config, dataset);
  const trainer = new Trainer(config, dataset, plan, () => false);
  expect(trainer.memory.buffer.byteLength).toBeLessThan(2 ** 26);
  for (let step = 1; step <= STEPS; step++) {
    expect(trainer.trainStep()).toBe(true);
    expect(trainer.step).toBe(step);
  }
  for (const { accuracy } of [trainer.epochTrainMetrics()!, trainer.evaluate()!]) {
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(accuracy).toBeLessThanOrEqual(1);
  }
}

test('what the schema allows is trained, or refused in a sentence', async () => {
  const count = { invalid: 0, refused: 0, trained: 0 };
  await fc.assert(
    fc.asyncProperty(fitting, async (raw) => {
      const { config } = parseConfig(JSON.stringify(raw), 'a.train.json');
      if (!config) {
        count.invalid++;
        return;
      }
      try {
        await trainBriefly(config);
        count.trained++;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(error.message).toMatch(/^\S.*[.?]$/s);
        expect(error.place.path?.length).toBeGreaterThan(0);
        count.refused++;
      }
    }),
    { seed: 1, numRuns: 400 },
  );
  // Were nearly all refused, nothing would have been tested.
  expect(count.trained).toBeGreaterThan(100);
  expect(count.refused).toBeGreaterThan(10);
});
