import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { configOf, datasetOf, parametersOf, trainerOf } from '../training/fixtures.ts';

/** Numeric differences: (L(w + h) − L(w − h)) / 2h, with the loss in float64 of float32 passes. */
const STEP = 1e-2;
const ROWS = 5;
const FEATURES = 4;
const OUTPUTS = 3;

const layers: [string, unknown][] = [
  ['dense without bias', { dense: { units: 6, bias: false } }],
  ['sigmoid', 'sigmoid'],
  ['tanh', 'tanh'],
  ['relu', 'relu'],
  ['leakyRelu', { leakyRelu: { slope: 0.1 } }],
  ['elu', { elu: { alpha: 1.3 } }],
  ['residual', { residual: [{ dense: 5 }, 'tanh', { dense: 6 }] }],
  ['residual that ends in an activation', { residual: [{ dense: 6 }, 'sigmoid'] }],
  ['residual in residual', { residual: ['tanh', { residual: [{ dense: 6 }, 'tanh'] }] }],
];
const losses = ['softmaxCrossEntropy', 'meanSquaredError'] as const;
const tasks = ['classification', 'regression'] as const;

const cases = layers.flatMap(([name, layer]) =>
  losses.flatMap((loss) =>
    tasks
      .filter((task) => task === 'classification' || loss === 'meanSquaredError')
      .map((task) => ({ name: `${name}, ${loss}, ${task}`, layer, loss, task })),
  ),
);

/** A trainer whose rate is 0: a step measures loss and gradients and changes nothing. */
function measuring({ layer, loss, task }: (typeof cases)[number]) {
  const config = configOf({
    data: { source: 'unused.csv', task },
    model: { layers: [{ dense: 6 }, layer, { dense: OUTPUTS }] },
    loss,
    optimizer: { type: 'sgd', learningRate: 1 },
    training: { batchSize: 'full' },
  });
  const random = new RandomStream(3, 'gradient check');
  const inputs = Float32Array.from({ length: ROWS * FEATURES }, () => random.normal());
  const answers =
    task === 'classification'
      ? { labels: Array.from({ length: ROWS }, () => random.integer(OUTPUTS)) }
      : { targets: Array.from({ length: ROWS * OUTPUTS }, () => random.normal()) };
  const dataset = datasetOf({ inputs, shape: [FEATURES], outputs: OUTPUTS, ...answers });
  const trainer = trainerOf(config, dataset);
  trainer.learningRate = 0;
  const parameters = parametersOf(trainer);
  for (const { value } of parameters) random.fillNormal(value, 0.7);
  return { trainer, parameters };
}

describe('backward agrees with numeric differences', () => {
  it.each(cases)('$name', (row) => {
    const { trainer, parameters } = measuring(row);
    trainer.trainStep();
    const gradients = parameters.map(({ gradient }) => gradient.slice());
    const lossAt = (value: Float32Array, i: number, to: number) => {
      const kept = value[i];
      value[i] = to;
      trainer.trainStep();
      value[i] = kept;
      return trainer.last.dataLoss;
    };
    const kinked = /relu/i.test(row.name);
    let checked = 0;
    for (const [set, { value }] of parameters.entries()) {
      for (let i = 0; i < value.length; i++) {
        const high = lossAt(value, i, value[i] + STEP);
        const low = lossAt(value, i, value[i] - STEP);
        const middle = lossAt(value, i, value[i]);
        const numeric = (high - low) / (2 * STEP);
        // A kink of a ReLU within the step makes the difference meaningless: its sides disagree.
        const curvature = Math.abs(high - 2 * middle + low) / STEP;
        if (kinked && curvature > 0.02) continue;
        checked++;
        expect(Math.abs(numeric - gradients[set][i])).toBeLessThan(2e-3);
      }
    }
    expect(checked).toBeGreaterThan(40);
  });
});
