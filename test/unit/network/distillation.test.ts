import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../core/data/dataset.ts';
import { RandomStream } from '../../../core/data/random.ts';
import { floats } from '../../../core/training/arena.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { numericGradient, relativeError } from '../../reference/gradient-check.ts';
import { distillation } from '../../reference/losses.ts';
import { tensor } from '../../reference/tensor.ts';
import { blobs, configOf, parametersOf, trainerOf } from '../training/fixtures.ts';

const ROWS = 4;

function draws(classes: number) {
  const random = new RandomStream(classes, 'distillation');
  const z = Float64Array.from({ length: ROWS * classes }, () => Math.fround(3 * random.normal()));
  const p = probabilities(random, ROWS, classes);
  return { z: tensor([ROWS, classes], z), p };
}

/** Rows that sum to 1; one class has none. */
function probabilities(random: RandomStream, rows: number, classes: number): Float64Array {
  const values = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const weights = Array.from({ length: classes }, (_, j) => (j === 1 ? 0 : random.uniform()));
    const sum = weights.reduce((a, b) => a + b, 0);
    for (const [j, weight] of weights.entries()) values[row * classes + j] = weight / sum;
  }
  return values;
}

describe('distillation', () => {
  it.each([
    // T² (Σ p log p − Σ p log softmax(z / T)), by hand.
    ['of what it says already', 1, [0, 0], [0.5, 0.5], 0],
    ['of a certain teacher is cross-entropy', 1, [0, 0], [1, 0], Math.log(2)],
    ['hot', 2, [2, 0], [0.5, 0.5], 4 * (Math.log(1 + Math.E) - 0.5 - Math.log(2))],
    ['T² keeps its size', 10, [0, 0], [1, 0], 100 * Math.log(2)],
  ])('%s', (_, temperature, z, p, expected) => {
    const { loss } = distillation(
      tensor([1, 2], Float64Array.from(z)),
      Float64Array.from(p),
      temperature,
    );
    expect(loss).toBeCloseTo(expected, 12);
  });

  it.each([1, 0.5, 4, 20])(
    'the reference goes backward as numeric differences say, T = %d',
    (T) => {
      const { z, p } = draws(5);
      const { gradient } = distillation(z, p, T);
      const numeric = numericGradient(() => distillation(z, p, T).loss, z.values);
      expect(relativeError(gradient.values, numeric)).toBeLessThan(1e-7);
    },
  );

  it.each([
    [1, 3],
    [4, 3],
    [2.5, 11],
    [20, 2],
  ])(
    'values and gradients are those of the float64 reference, T = %d, %d classes',
    (T, classes) => {
      const { trainer, teacher } = student(T, classes);
      trainer.learningRate = 0;
      const { output, outputGradient } = trainer.plan.network.layers.at(-1)!;
      trainer.trainStep();
      const rows = trainer.plan.batchSize;
      const own = (offset: number) => floats(trainer.memory, offset, rows * classes);
      const z = tensor([rows, classes], Float64Array.from(own(output.offset)));
      const p = Float64Array.from(teacher.subarray(0, rows * classes));
      const expected = distillation(z, p, T);
      expect(relativeError([trainer.last.dataLoss], [expected.loss])).toBeLessThan(1e-5);
      const gradient = own(outputGradient.offset);
      expect(relativeError(gradient, expected.gradient.values)).toBeLessThan(1e-5);
    },
  );

  it('is judged by the labels: validation has no teacher', () => {
    const { trainer } = student(4, 3);
    const plain = trainerOf(configOf(parts()), blobs());
    for (const [i, { value }] of parametersOf(trainer).entries())
      expect([...value]).toEqual([...parametersOf(plain)[i]!.value]);
    expect(trainer.evaluate()).toEqual(plain.evaluate());
    trainer.trainStep();
    plain.trainStep();
    expect(trainer.last.dataLoss).not.toBeCloseTo(plain.last.dataLoss, 3);
  });

  it('brings a network to what its teacher says, whatever the labels are', () => {
    const { trainer, teacher, classes } = student(2, 3, 'constant');
    for (let step = 0; step < 400; step++) trainer.trainStep();
    expect(trainer.last.dataLoss).toBeLessThan(0.01);
    const { output } = trainer.plan.network.layers.at(-1)!;
    const [a, b, c] = floats(trainer.memory, output.offset, classes);
    const powers = [a!, b!, c!].map((z) => Math.exp(z / 2));
    const sum = powers.reduce((x, y) => x + y, 0);
    for (const [j, power] of powers.entries()) expect(power / sum).toBeCloseTo(teacher[j]!, 1);
  });

  it('a NaN goes through', () => {
    const { trainer } = student(4, 3);
    parametersOf(trainer)[0]!.value[0] = Number.NaN;
    trainer.trainStep();
    expect(trainer.last.dataLoss).toBeNaN();
  });
});

function parts(classes = 3, temperature?: number) {
  const distill = { teacher: 'unused.safetensors', temperature };
  return {
    model: { layers: [{ dense: 6 }, 'tanh', { dense: classes }] },
    loss: temperature ? { type: 'softmaxCrossEntropy', distill } : 'softmaxCrossEntropy',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    training: { batchSize: 32, shuffle: false, seed: 3 },
  };
}

/** A network and what its teacher says of all examples: at random, or the same of each. */
function student(temperature: number, classes: number, says: 'random' | 'constant' = 'random') {
  const clouds = blobs();
  const { store } = clouds.train;
  const random = new RandomStream(9, 'teacher');
  const teacher = Float32Array.from(
    says === 'random'
      ? probabilities(random, store.count, classes)
      : Array.from({ length: store.count }, () => [0.7, 0.2, 0.1]).flat(),
  );
  const labels = store.labels!.map((label) => label % classes);
  const same = { ...store, labels };
  const dataset: Dataset = {
    ...clouds,
    outputs: classes,
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    train: { ...clouds.train, store: same },
    validation: { ...clouds.validation!, store: same },
    softTargets: teacher,
  };
  const config = configOf(parts(classes, temperature));
  expect(planTraining(config, dataset).teacher).not.toBeNull();
  return { trainer: trainerOf(config, dataset), teacher, classes };
}
