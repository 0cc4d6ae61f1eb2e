import type { Dataset } from '../../../../core/data/dataset.ts';
import { composePreprocessing } from '../../../../core/data/preprocess.ts';
import { RandomStream } from '../../../../core/data/random.ts';
import { featureStatistics } from '../../../../core/data/statistics.ts';
import { Explorer } from '../../../../core/inspection/explorer/explorer.ts';
import { planExploration } from '../../../../core/inspection/explorer/plan.ts';
import { floats } from '../../../../core/training/arena.ts';
import type { LayerConfig, LossConfig } from '../../../reference/config.ts';
import { sequence } from '../../../reference/network.ts';
import { sizeOf, tensor } from '../../../reference/tensor.ts';
import { configOf, datasetOf } from '../../training/fixtures.ts';

export interface Given {
  layers: LayerConfig[];
  dataset: Dataset;
  loss?: LossConfig;
  /** Multiplies all parameters: how sure the network is. */
  strength?: number;
}

/** An explorer of a network with random parameters, and the same network in float64. */
export function explorerOf({ layers, dataset, loss, strength = 1 }: Given) {
  const config = configOf({
    data: { source: 'unused.csv', task: dataset.task },
    model: { layers },
    ...(loss && { loss }),
  });
  const hooks = { poll: () => {} };
  const plan = planExploration(config, dataset);
  const explorer = new Explorer(plan, dataset, dataset, () => hooks.poll());
  const { memory } = explorer.model;
  const random = new RandomStream(11, 'parameters');
  const held: Record<string, Float64Array> = {};
  for (const { shape, parameters, states } of plan.network.layers) {
    for (const { summary, value, fanIn } of parameters) {
      const values = floats(memory, value.offset, value.size);
      random.fillNormal(values, strength * Math.min(0.7, 2 / Math.sqrt(fanIn)));
      held[summary.id] = Float64Array.from(values);
    }
    for (const [i, { offset, size }] of states.entries()) {
      const values = floats(memory, offset, size);
      for (const k of values.keys()) values[k] = 0.5 + random.uniform();
      held[[...shape.path, shape.states[i].name].join('.')] = Float64Array.from(values);
    }
  }
  /** Outputs for raw inputs [rows × features], through this many layers. */
  function reference(raw: ArrayLike<number>, to = layers.length) {
    const features = sizeOf(dataset.shape);
    const { offset, scale } = dataset.preprocessing ?? {};
    const x = Float64Array.from(raw, (value, i) =>
      offset && scale ? (value - offset[i % features]) * scale[i % features] : value,
    );
    const rows = x.length / features;
    const network = sequence(layers.slice(0, to));
    return network.forward(tensor([rows, ...dataset.shape], x), held, false).y;
  }
  return { explorer, reference, held, hooks, plan };
}

export type Preprocessing = Parameters<typeof composePreprocessing>[0];

/** Examples as they might have been read; floats around 3, or bytes. The last are for validation. */
export function dataOf({
  shape,
  classes = 3,
  rows = 40,
  validation = 10,
  bytes = false,
  preprocess = ['standardize'],
  targets,
}: {
  shape: number[];
  classes?: number;
  rows?: number;
  validation?: number;
  bytes?: boolean;
  preprocess?: Preprocessing;
  /** Of a regression, in units of their own. */
  targets?: number;
}): Dataset {
  const random = new RandomStream(rows, 'examples');
  const size = rows * sizeOf(shape);
  const inputs = bytes
    ? Uint8Array.from({ length: size }, () => random.integer(256))
    : Float32Array.from({ length: size }, () => 3 + 2 * random.normal());
  const answers = targets
    ? { targets: Array.from({ length: rows * targets }, () => 50 + 20 * random.normal()) }
    : { labels: Array.from({ length: rows }, () => random.integer(classes)) };
  const dataset = datasetOf({ inputs, shape, outputs: targets ?? classes, validation, ...answers });
  const statistics = featureStatistics(dataset.train, sizeOf(shape));
  return {
    ...dataset,
    preprocessing: composePreprocessing(preprocess, statistics, shape, bytes),
    statistics: { ...dataset.statistics, ...statistics },
  };
}

/** The class of each of these rows of outputs. */
export function classesOf(values: ArrayLike<number>, width: number): number[] {
  const all = Array.from(values);
  return Array.from({ length: all.length / width }, (_, row) => {
    const own = all.slice(row * width, (row + 1) * width);
    return own.indexOf(Math.max(...own));
  });
}
