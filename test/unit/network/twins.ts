import { expect } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { floats } from '../../../core/training/arena.ts';
import type { LayerConfig, LossConfig } from '../../reference/config.ts';
import { relativeError } from '../../reference/gradient-check.ts';
import { lossOf } from '../../reference/losses.ts';
import { sequence } from '../../reference/network.ts';
import { sizeOf, tensor } from '../../reference/tensor.ts';
import { configOf, datasetOf, parametersOf, statesOf, trainerOf } from '../training/fixtures.ts';

/** In batches of 4 they come as 4, 4 and 3, where there is room for 11. */
const BATCH = 4;
const TRAIN_ROWS = 11;
const VALIDATION_ROWS = 6;
const SEED = 2 ** 40 + 5;
/** Tensors of smaller values are what is left where larger ones cancel. */
const FLOOR = 0.1;

export interface Twins {
  /** The last of which gives one value for each output. */
  layers: LayerConfig[];
  loss: LossConfig;
  task: 'classification' | 'regression';
  inputShape: number[];
  outputs: number;
  batchSize?: number;
}

/** A trainer whose rate is 0: a step measures and changes no parameter. And its twin in float64. */
function twins({ layers, loss, task, inputShape, outputs, batchSize = BATCH }: Twins) {
  const random = new RandomStream(3, 'gradient check');
  const normals = (length: number) => Float32Array.from({ length }, () => random.normal());
  const rows = TRAIN_ROWS + VALIDATION_ROWS;
  const features = sizeOf(inputShape);
  const inputs = normals(rows * features);
  const labels = Array.from({ length: rows }, () => random.integer(Math.max(outputs, 2)));
  const targets = normals(rows * outputs);
  const answers = task === 'classification' ? { labels } : { targets: [...targets] };
  const trainer = trainerOf(
    configOf({
      data: { source: 'unused.csv', task },
      model: { layers },
      loss,
      optimizer: { type: 'sgd', learningRate: 1 },
      training: { batchSize, shuffle: false, seed: SEED },
    }),
    datasetOf({
      inputs,
      shape: inputShape,
      // One output may be for two classes.
      outputs: task === 'classification' ? Math.max(outputs, 2) : outputs,
      ...answers,
      validation: VALIDATION_ROWS,
    }),
  );
  trainer.learningRate = 0;
  for (const [i, { value }] of parametersOf(trainer).entries()) {
    const { fanIn } = trainer.plan.network.parameters[i];
    random.fillNormal(value, Math.min(0.7, 2 / Math.sqrt(fanIn)));
  }

  const network = sequence(layers);
  const held = Object.fromEntries(
    [...parametersOf(trainer), ...statesOf(trainer)].map(({ id, value }) => [
      id,
      Float64Array.from(value),
    ]),
  );
  /** Word i of the layer's random stream decides about value i. */
  function masks(rows: number): Record<string, Float64Array> {
    const wanted = network.masks?.(inputShape) ?? [];
    return Object.fromEntries(
      wanted.map(({ name, size, ofRow, rate }) => {
        const words = new RandomStream(SEED, name.replace(/\.mask$/, ''), trainer.step);
        const factor = () => (words.uint32() < rate * 2 ** 32 ? 0 : 1 / (1 - rate));
        return [name, Float64Array.from({ length: ofRow ? rows * size : size }, factor)];
      }),
    );
  }

  /** What the reference says of a pass over some rows. */
  function reference(from: number, count: number, training: boolean) {
    const x = tensor(
      [count, ...inputShape],
      inputs.subarray(from * features, (from + count) * features),
    );
    const all = training ? { ...held, ...masks(count) } : held;
    const { y, backward, states } = network.forward(x, all, training);
    const { loss: value, gradient } = lossOf(
      loss,
      y,
      task === 'classification'
        ? { labels: labels.slice(from, from + count) }
        : {
            targets: Float64Array.from(targets.subarray(from * outputs, (from + count) * outputs)),
          },
    );
    Object.assign(held, states);
    return { y, loss: value, gradients: backward(gradient).gradients };
  }
  return { trainer, reference, held, batchSize };
}

/**
 * Trains nothing, but goes through the batches of an epoch and the validation: outputs, losses,
 * gradients and what layers carry must be the reference's, up to so much of a tensor's largest value.
 */
export function expectTwins(tolerance: number, row: Twins): void {
  const { trainer, reference, held, batchSize } = twins(row);
  const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) =>
    expect(relativeError(actual, expected, FLOOR), what).toBeLessThan(tolerance);
  const parameters = parametersOf(trainer);
  const shapes = sequence(row.layers).parameters(row.inputShape);
  expect(parameters.map(({ id }) => id)).toEqual(shapes.map(({ name }) => name));
  const { output } = trainer.plan.network.layers[trainer.plan.network.layers.length - 1];
  for (let from = 0; from < TRAIN_ROWS; from += batchSize) {
    const count = Math.min(batchSize, TRAIN_ROWS - from);
    const { y, loss, gradients } = reference(from, count, true);
    trainer.trainStep();
    expectClose(floats(trainer.memory, output.offset, y.values.length), y.values, 'outputs');
    expectClose([trainer.last.dataLoss], [loss], 'loss');
    for (const { id, gradient } of parameters) expectClose(gradient, gradients[id], id);
    for (const { id, value } of statesOf(trainer)) expectClose(value, held[id], id);
  }
  const { loss } = reference(TRAIN_ROWS, VALIDATION_ROWS, false);
  expectClose([trainer.evaluate()!.loss], [loss], 'loss of validation');
}
