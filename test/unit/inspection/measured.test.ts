import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RandomStream } from '../../../core/data/random.ts';
import { measuredTensors, statisticsOf } from '../../../core/events/distributions.ts';
import { binsOf, unpackHistograms } from '../../../core/events/histogram.ts';
import type {
  ActivityEvent,
  DistributionsEvent,
  RunEvent,
} from '../../../core/events/run-event.ts';
import { Inspector } from '../../../core/inspection/inspector.ts';
import { floats } from '../../../core/training/arena.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { Trainer } from '../../../core/training/trainer.ts';
import type { LayerConfig } from '../../reference/config.ts';
import { lossOf } from '../../reference/losses.ts';
import { layerOf } from '../../reference/network.ts';
import { sizeOf, type Tensor, tensor } from '../../reference/tensor.ts';
import { bundle } from '../session/bundle.ts';
import { configOf, datasetOf, parametersOf, statesOf } from '../training/fixtures.ts';

const file = join(await bundle({ worker: 'core/worker.ts' }), 'worker.js');
const SHAPE = [6, 6, 2];
const FEATURES = sizeOf(SHAPE);
const EXAMPLES = 150;
const CLASSES = 3;

const random = new RandomStream(8, 'inspected');
const inputs = Float32Array.from({ length: EXAMPLES * FEATURES }, () => random.normal());
const labels = Array.from({ length: EXAMPLES }, () => random.integer(CLASSES));

async function inspected(parts: Record<string, unknown>, threads = 1) {
  const dataset = datasetOf({ inputs, shape: SHAPE, labels, outputs: CLASSES, validation: 40 });
  const config = configOf(parts);
  const trainer = new Trainer(config, dataset, planTraining(config, dataset, threads), () => false);
  onTestFinished(() => trainer.dispose());
  await trainer.openThreads(file);
  return { trainer, inspector: Inspector.of(config, trainer) };
}

/** Two epochs and a half, looked at as the config says. */
async function run(parts: Record<string, unknown>, threads = 1) {
  const { trainer, inspector } = await inspected(
    { training: { batchSize: 32 }, ...parts },
    threads,
  );
  const losses: number[] = [];
  const events: RunEvent[] = inspector?.look(0) ?? [];
  for (let step = 1; step <= 10; step++) {
    trainer.trainStep(inspector?.moments.measurement(step));
    losses.push(trainer.last.loss, ...trainer.ratios);
    events.push(...(inspector?.look(step) ?? []));
    if (step % 4 === 0) losses.push(trainer.evaluate()!.loss);
  }
  return { losses, events, parameters: parametersOf(trainer).map(({ value }) => value) };
}

const isDropout = (layer: LayerConfig) => typeof layer === 'object' && 'dropout' in layer;
const wide: LayerConfig[] = [{ dense: 700 }, 'relu', { dropout: 0.4 }, { dense: 80 }, 'gelu'];
const images: LayerConfig[] = [
  { conv2d: 8 },
  'batchNorm',
  'relu',
  { maxPool: 2 },
  { conv2d: 5 },
  'tanh',
];
const block: LayerConfig[] = [{ dense: 40 }, { residual: [{ dense: 40 }, 'elu'] }, 'prelu'];
const networks: [string, LayerConfig[]][] = [
  ['dense, with dropout', wide],
  ['images, with batch normalization', images],
  ['residual', block],
];

describe.each(networks)('inspection of a network: %s', (_name, layers) => {
  const model = { layers: [...layers, { dense: CLASSES }] };

  it('leaves the training as it is', async () => {
    const optimizer = { type: 'adam', learningRate: 0.01 };
    const bare = await run({ model, optimizer, inspect: 'none' });
    expect(bare.events).toEqual([]);
    for (const inspect of [{ everyEpochs: 1 }, { everySteps: 1 }, { everySteps: 3 }]) {
      const { losses, parameters } = await run({ model, optimizer, inspect });
      expect(losses).toEqual(bare.losses);
      expect(parameters).toEqual(bare.parameters);
    }
  });

  it('tells the same, however many threads there are', async () => {
    const parts = { model, inspect: { everySteps: 4 }, training: { batchSize: 100 } };
    const alone = await run(parts);
    for (const threads of [2, 3]) expect(await run(parts, threads)).toEqual(alone);
  });

  it('measures what the reference computes', async () => {
    // The masks of a dropout would have to be drawn as the network draws them.
    const model = { layers: [...layers.filter((layer) => !isDropout(layer)), { dense: CLASSES }] };
    const { trainer, inspector } = await inspected({
      model: { ...model, init: 'he', biasInit: 0.1 },
      optimizer: { type: 'sgd', learningRate: 0.1, momentum: 0.9 },
      training: { batchSize: 32 },
    });
    for (const step of [1, 2]) trainer.trainStep(inspector?.moments.measurement(step));
    const { plan, memory } = trainer;
    trainer.trainStep();
    const [event] = lookAt(trainer, inspector!, 4);
    const { order, count } = plan.inspection!.probe;
    const rows = [...new Uint32Array(memory.buffer, order, count)];
    expect(new Set(rows).size).toBe(64);
    const batch = rows.flatMap((row) => [...inputs.subarray(row * FEATURES, (row + 1) * FEATURES)]);
    const held = Object.fromEntries(
      [...parametersOf(trainer), ...statesOf(trainer)].map(({ id, value }) => [
        id,
        Float64Array.from(value),
      ]),
    );
    let y: Tensor = tensor([count, ...SHAPE], batch);
    const outputs = [y];
    const passes = model.layers.map((layer, i) => {
      const inside = Object.entries(held).flatMap(([name, value]) =>
        name.startsWith(`model.layers.${i}.`) ? [[name.split('.').slice(3).join('.'), value]] : [],
      );
      const pass = layerOf(layer).forward(y, Object.fromEntries(inside), true);
      y = pass.y;
      outputs.push(y);
      return pass;
    });
    let { gradient: dy } = lossOf('softmaxCrossEntropy', y, {
      labels: rows.map((row) => labels[row]!),
    });
    const gradients = [dy];
    for (const pass of passes.toReversed()) {
      const below = pass.backward(dy);
      dy = below.dx;
      gradients.unshift(dy);
    }
    const tensors = measuredTensors(plan.summary);
    const ends = new Map(
      plan.network.layers.map(({ shape }, index) => [
        index,
        shape.path.length === 3 ? Number(shape.path[2]) : -1,
      ]),
    );
    for (const [row, { kind, layer }] of tensors.entries()) {
      const place = layer < 0 ? -1 : ends.get(layer)!;
      if (layer >= 0 && (place < 0 || plan.network.layers[layer + 1]?.shape.path[2] === place))
        continue;
      const wanted =
        kind === 'input'
          ? outputs[0]
          : kind === 'activation'
            ? outputs[place + 1]
            : gradients[place + 1];
      if (kind !== 'input' && kind !== 'activation' && kind !== 'activationGradient') continue;
      expectSame(event!, row, [...wanted!.values], `${kind} ${layer}`);
    }
  });
});

function lookAt(trainer: Trainer, inspector: Inspector, step: number): DistributionsEvent[] {
  trainer.trainStep(inspector.moments.measurement(step));
  return inspector.look(step).filter((event) => event.type === 'distributions');
}

/** The statistics of a row are those of the values, and its histogram counts each of them. */
function expectSame(event: DistributionsEvent, row: number, values: number[], what: string): void {
  const found = statisticsOf(event.statistics, row);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const std = Math.sqrt(
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length,
  );
  const size = Math.max(...values.map(Math.abs));
  expect(found.count, what).toBe(values.length);
  const close = (name: 'mean' | 'std' | 'min' | 'max', value: number) =>
    expect(Math.abs(found[name] - value), `${what} ${name}`).toBeLessThan(1e-4 * size);
  close('mean', mean);
  close('std', std);
  close('min', Math.min(...values));
  close('max', Math.max(...values));
  const norm = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  expect(found.norm / norm, what).toBeCloseTo(1, 4);
  const bins = binsOf(unpackHistograms(event)[row]!);
  expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length);
}

describe('a look', () => {
  const layers = [{ dense: 90 }, 'relu', { dense: CLASSES }];

  it('at the updates sees what the optimizer has added', async () => {
    const { trainer, inspector } = await inspected({
      model: { layers },
      optimizer: { type: 'adam', learningRate: 0.01 },
      regularization: { maxNorm: 1 },
      training: { batchSize: 32 },
    });
    const { parameters } = trainer.plan.network;
    const copies = () =>
      parameters.map(({ value }) => floats(trainer.memory, value.offset, value.size).slice());
    trainer.trainStep();
    const before = copies();
    const [event] = lookAt(trainer, inspector!, 2);
    const after = copies();
    const rows = measuredTensors(trainer.plan.summary);
    for (const [row, { kind, parameter }] of rows.entries()) {
      if (kind === 'parameter') expectSame(event!, row, [...after[parameter]!], kind);
      if (kind !== 'update') continue;
      expectSame(
        event!,
        row,
        [...after[parameter]!].map((w, i) => w - before[parameter]![i]!),
        kind,
      );
    }
  });

  it('counts how often each unit was active in an epoch', async () => {
    const { trainer, inspector } = await inspected({
      model: { layers, init: 'he' },
      optimizer: { type: 'sgd', learningRate: 1e-9 },
      training: { batchSize: 32 },
    });
    const [weights, biases] = parametersOf(trainer);
    // The first unit never, the second always.
    biases!.value[0] = -1e3;
    biases!.value[1] = 1e3;
    let event: RunEvent | undefined;
    for (let step = 1; step <= 4; step++) {
      trainer.trainStep();
      event = inspector!.look(step).find(({ type }) => type === 'activity') ?? event;
    }
    const { active, units, epoch } = event as ActivityEvent;
    expect([...units]).toEqual([90]);
    expect(epoch).toBe(1);
    const expected = Array.from({ length: 90 }, (_, unit) => {
      let above = 0;
      for (let example = 0; example < 110; example++) {
        let z = biases!.value[unit]!;
        for (let k = 0; k < FEATURES; k++)
          z += inputs[example * FEATURES + k]! * weights!.value[k * 90 + unit]!;
        if (z > 0) above++;
      }
      return Math.ceil((255 * above) / 110);
    });
    expect(expected[0]).toBe(0);
    expect(expected[1]).toBe(255);
    expect([...active]).toEqual(expected);
  });

  it('tells of zeros, of saturation, and of what is no number', async () => {
    const { trainer, inspector } = await inspected({
      model: { layers: [{ dense: 90 }, 'tanh', { dense: 20 }, 'relu', { dense: CLASSES }] },
    });
    const parameters = parametersOf(trainer);
    parameters[1]!.value.fill(0);
    parameters[1]!.value.fill(50, 0, 30);
    parameters[3]!.value.fill(-500, 0, 5);
    const looked = (): DistributionsEvent => {
      const [event] = inspector!.look(0);
      return event as DistributionsEvent;
    };
    let event = looked();
    const statistics = (row: number) => statisticsOf(event.statistics, row);
    const { saturated } = statistics(3);
    expect(saturated).toBeGreaterThanOrEqual(1 / 3);
    expect(saturated).toBeLessThan(0.6);
    expect(statistics(1).saturated).toBeNaN();
    expect(statistics(7).zero).toBeGreaterThan(0.4);
    expect(statistics(7).zero).toBeLessThan(0.8);
    // A bias of the second layer becomes infinite.
    parameters[3]!.value[7] = Number.POSITIVE_INFINITY;
    event = looked();
    expect(statistics(5)).toMatchObject({ infinite: 64, nan: 0, count: 64 * 19 });
    expect(statistics(9)).toMatchObject({ count: 0, infinite: 64 * CLASSES });
    expect(statistics(9).mean).toBeNaN();
  });

  it('is at the batch of the step where the cadence counts steps', async () => {
    const { trainer, inspector } = await inspected({
      model: { layers },
      training: { batchSize: 32 },
      inspect: { everySteps: 2 },
    });
    expect(inspector!.look(0)[0]).toMatchObject({ batch: 'probe', step: 0 });
    expect(lookAt(trainer, inspector!, 1)).toEqual([]);
    const [event] = lookAt(trainer, inspector!, 2);
    expect(event).toMatchObject({ batch: 'training', step: 2, epoch: 0.5 });
    const { input } = trainer.plan.network;
    expectSame(event!, 0, [...floats(trainer.memory, input.offset, 32 * FEATURES)], 'input');
  });
});
