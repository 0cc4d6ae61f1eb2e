import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { floats } from '../../../core/training/arena.ts';
import type { LayerConfig, LossConfig } from '../../reference/config.ts';
import { relativeError } from '../../reference/gradient-check.ts';
import { lossOf } from '../../reference/losses.ts';
import { sequence } from '../../reference/network.ts';
import { sizeOf, tensor } from '../../reference/tensor.ts';
import { configOf, datasetOf, parametersOf, statesOf, trainerOf } from '../training/fixtures.ts';

/** Batches of 4, 4 and 3 rows where there is room for 11, then the rows for validation in one pass. */
const BATCH = 4;
const STARTS = [0, 4, 8];
const TRAIN_ROWS = 11;
const VALIDATION_ROWS = 6;
/** Of the largest value of a tensor: float32 sums of some hundred terms. */
const TOLERANCE = 1e-5;
/** Tensors of smaller values are what is left where larger ones cancel. */
const FLOOR = 0.1;

/**
 * A layer on its own stands behind `dense: 6`, so that what it sends down is seen in that one's
 * gradients; a list is the network as it is. Then comes a dense layer for the outputs. Without a shape
 * the input is a row of 5.
 */
const layers: [name: string, layers: LayerConfig | LayerConfig[], inputShape?: number[]][] = [
  ['dense', { dense: 7 }],
  ['dense without bias', { dense: { units: 7, bias: false } }],
  ['dense of an image', [{ dense: 7 }], [3, 5, 2]],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
  ['leakyRelu', 'leakyRelu'],
  ['leakyRelu of slope 0.1', { leakyRelu: { slope: 0.1 } }],
  ['elu', 'elu'],
  ['elu of alpha 1.3', { elu: { alpha: 1.3 } }],
  ['residual', { residual: [{ dense: 5 }, 'tanh', { dense: 6 }] }],
  ['residual that ends in an activation', { residual: [{ dense: 6 }, 'sigmoid'] }],
  ['residual in residual', { residual: ['tanh', { residual: [{ dense: 6 }, 'tanh'] }] }],
  ['residual on the input', [{ residual: [{ dense: 5 }] }, 'tanh']],
];

const losses: [name: string, loss: LossConfig, task: 'classification' | 'regression'][] = [
  ['softmaxCrossEntropy', 'softmaxCrossEntropy', 'classification'],
  ['meanSquaredError of classes', 'meanSquaredError', 'classification'],
  ['meanSquaredError', 'meanSquaredError', 'regression'],
];

interface Row {
  layers: LayerConfig[];
  loss: LossConfig;
  task: 'classification' | 'regression';
  inputShape: number[];
  outputs: number;
}

/** A trainer whose rate is 0: a step measures and changes no parameter. And its twin in float64. */
function twins({ layers, loss, task, inputShape, outputs }: Row) {
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
      training: { batchSize: BATCH, shuffle: false },
    }),
    datasetOf({ inputs, shape: inputShape, outputs, ...answers, validation: VALIDATION_ROWS }),
  );
  trainer.learningRate = 0;
  for (const { value } of parametersOf(trainer)) random.fillNormal(value, 0.7);

  const network = sequence(layers);
  const held = Object.fromEntries(
    [...parametersOf(trainer), ...statesOf(trainer)].map(({ id, value }) => [
      id,
      Float64Array.from(value),
    ]),
  );
  /** What the reference says of a pass over some rows. */
  function reference(from: number, count: number, training: boolean) {
    const x = tensor(
      [count, ...inputShape],
      inputs.subarray(from * features, (from + count) * features),
    );
    const { y, backward, states } = network.forward(x, held, training);
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
  return { trainer, reference, held };
}

const error = (actual: ArrayLike<number>, expected: ArrayLike<number>) =>
  relativeError(actual, expected, FLOOR);

function expectTwins(row: Row): void {
  const { trainer, reference, held } = twins(row);
  const parameters = parametersOf(trainer);
  expect(parameters.map(({ id }) => id)).toEqual(
    sequence(row.layers)
      .parameters(row.inputShape)
      .map(({ name }) => name),
  );
  const { output } = trainer.plan.network.layers[trainer.plan.network.layers.length - 1];
  for (const from of STARTS) {
    const count = Math.min(BATCH, TRAIN_ROWS - from);
    const { y, loss, gradients } = reference(from, count, true);
    trainer.trainStep();
    const outputs = floats(trainer.memory, output.offset, y.values.length);
    expect(error(outputs, y.values), 'outputs').toBeLessThan(TOLERANCE);
    expect(error([trainer.last.dataLoss], [loss]), 'loss').toBeLessThan(TOLERANCE);
    for (const { id, gradient } of parameters) {
      expect(error(gradient, gradients[id]), id).toBeLessThan(TOLERANCE);
    }
    for (const { id, value } of statesOf(trainer)) {
      expect(error(value, held[id]), id).toBeLessThan(TOLERANCE);
    }
  }
  const { loss } = reference(TRAIN_ROWS, VALIDATION_ROWS, false);
  expect(error([trainer.evaluate()!.loss], [loss]), 'test').toBeLessThan(TOLERANCE);
}

describe('values and gradients are those of the float64 reference', () => {
  it.each(layers)('%s', (_name, layer, inputShape = [5]) => {
    expectTwins({
      layers: [...(Array.isArray(layer) ? layer : [{ dense: 6 }, layer]), { dense: 3 }],
      loss: 'softmaxCrossEntropy',
      task: 'classification',
      inputShape,
      outputs: 3,
    });
  });

  it.each(losses)('%s', (_name, loss, task) => {
    expectTwins({
      layers: [{ dense: 6 }, 'tanh', { dense: 5 }],
      loss,
      task,
      inputShape: [7],
      outputs: 5,
    });
  });
});
