import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Config } from '../../../core/config/index.ts';
import { RandomStream } from '../../../core/data/random.ts';
import { floats } from '../../../core/training/arena.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { Trainer } from '../../../core/training/trainer.ts';
import { bundle } from '../session/bundle.ts';
import { configOf, datasetOf, parametersOf } from './fixtures.ts';

const file = join(await bundle({ worker: 'core/worker.ts' }), 'worker.js');
const FEATURES = 10 * 10 * 3;
const EXAMPLES = 230;

function examples() {
  const random = new RandomStream(5, 'threads');
  const inputs = Float32Array.from({ length: EXAMPLES * FEATURES }, () => random.normal());
  const labels = Array.from({ length: EXAMPLES }, () => random.integer(4));
  return datasetOf({ inputs, shape: [10, 10, 3], labels, outputs: 4, validation: 70 });
}

async function trainerWith(config: Config, threads: number, poll = () => false) {
  const dataset = examples();
  const trainer = new Trainer(config, dataset, planTraining(config, dataset, threads), poll);
  onTestFinished(() => trainer.dispose());
  await trainer.openThreads(file);
  return trainer;
}

/** Losses and parameters of some steps, and what evaluation said between them. */
async function run(config: Config, threads: number) {
  const trainer = await trainerWith(config, threads);
  expect(trainer.threads).toBe(threads);
  const measured: unknown[] = [];
  for (let step = 0; step < 7; step++) {
    trainer.trainStep();
    measured.push(trainer.last.loss, [...trainer.ratios]);
    if (step % 3 === 2) measured.push(trainer.evaluate());
  }
  return { measured, parameters: parametersOf(trainer) };
}

const wide = [{ dense: 200 }, 'relu', { dense: 150 }, 'tanh', { dense: 4 }];
const residual = [{ dense: 160 }, { residual: [{ dense: 160 }, 'elu'] }, { dense: 4 }];
const sums = [
  'batchNorm',
  { maxout: 150 },
  'prelu',
  { dropout: 0.3 },
  'batchNorm',
  { dropConnect: { units: 140, rate: 0.3 } },
  'gelu',
  'softmax',
  { dense: 4 },
];
const images = [
  { conv2d: { channels: 16, kernel: 5 } },
  'relu',
  { conv2d: 20 },
  { maxPool: { size: 3, stride: 2 } },
  { conv2d: { channels: 9, stride: 2 } },
  'batchNorm',
  'globalAvgPool',
  { dense: 4 },
];

describe('threads', () => {
  it.each([
    ['dense, momentum, a smaller last batch', wide, { batchSize: 60 }],
    ['masks, and sums over the batch', sums, { batchSize: 'full' }],
    ['convolutions', images, { batchSize: 60 }],
    ['residual, all examples at once', residual, { batchSize: 'full' }],
  ])('give the same bits, however many there are: %s', async (_name, layers, training) => {
    const optimizer = { type: 'sgd', learningRate: 0.05, momentum: 0.9 };
    const config = configOf({ model: { layers }, optimizer, training });
    const alone = await run(config, 1);
    for (const threads of [2, 3, 4]) {
      expect(await run(config, threads)).toEqual(alone);
    }
  });

  it('give the same bits with lbfgs, for which all parameters are one vector', async () => {
    const config = configOf({
      model: { layers: wide },
      optimizer: { type: 'lbfgs', learningRate: 0.5, memory: 3 },
      training: { batchSize: 'full' },
      gradientClip: { norm: 5 },
    });
    const alone = await run(config, 1);
    for (const threads of [2, 3, 4]) expect(await run(config, threads)).toEqual(alone);
  });

  it('change images at random as one does', async () => {
    const augment = [{ crop: 2 }, { rotate: 20 }, { noise: 0.1 }, { flip: 'vertical' }];
    const side = 40;
    const random = new RandomStream(6, 'images');
    const inputs = Uint8Array.from({ length: 96 * side * side }, () => random.integer(256));
    const labels = Array.from({ length: 96 }, (_, i) => i % 4);
    const dataset = datasetOf({ inputs, shape: [side, side, 1], labels, outputs: 4 });
    const config = configOf({
      data: { source: 'unused', augment },
      model: { layers: wide },
      training: { batchSize: 96 },
    });
    const batches = await Promise.all(
      [1, 2, 4].map(async (threads) => {
        const plan = planTraining(config, dataset, threads);
        const trainer = new Trainer(config, dataset, plan, () => false);
        onTestFinished(() => trainer.dispose());
        await trainer.openThreads(file);
        expect(trainer.threads).toBe(threads);
        trainer.trainStep();
        trainer.trainStep();
        return floats(trainer.memory, plan.network.input.offset, inputs.length);
      }),
    );
    expect(batches[1]).toEqual(batches[0]);
    expect(batches[2]).toEqual(batches[0]);
  });

  it('abandon a step as one does, and go on', async () => {
    const config = configOf({ model: { layers: wide }, training: { batchSize: 60 } });
    let polls = 0;
    let stopAt = Number.POSITIVE_INFINITY;
    const trainer = await trainerWith(config, 3, () => ++polls >= stopAt);
    const alone = await trainerWith(config, 1);
    for (let round = 1; round <= 20; round++) {
      const before = parametersOf(trainer).map(({ value }) => value.slice());
      stopAt = polls + round;
      if (!trainer.trainStep()) {
        expect(parametersOf(trainer).map(({ value }) => value)).toEqual(before);
        stopAt = Number.POSITIVE_INFINITY;
        expect(trainer.trainStep()).toBe(true);
      }
      alone.trainStep();
      expect(trainer.last.loss).toBe(alone.last.loss);
    }
  });

  it('work when they have slept', async () => {
    const config = configOf({ model: { layers: wide } });
    const trainer = await trainerWith(config, 2);
    const alone = await trainerWith(config, 1);
    for (let step = 0; step < 3; step++) {
      trainer.trainStep();
      alone.trainStep();
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    expect(parametersOf(trainer)).toEqual(parametersOf(alone));
  });

  it('are not started where no op is worth sharing', async () => {
    const config = configOf({ model: { layers: [{ dense: 4 }] }, training: { batchSize: 8 } });
    const dataset = datasetOf({
      inputs: new Float32Array(16),
      shape: [2],
      labels: [0, 1, 2, 3, 0, 1, 2, 3],
      outputs: 4,
    });
    const trainer = new Trainer(config, dataset, planTraining(config, dataset, 4), () => false);
    await trainer.openThreads(file);
    expect(trainer.threads).toBe(1);
  });

  it('that do not start are told, and training goes on without them', async () => {
    const config = configOf({ model: { layers: wide } });
    const dataset = examples();
    const trainer = new Trainer(config, dataset, planTraining(config, dataset, 2), () => false);
    await expect(trainer.openThreads(join(file, 'none.js'))).rejects.toThrow();
    expect(trainer.threads).toBe(1);
    expect(trainer.trainStep()).toBe(true);
  });
});
