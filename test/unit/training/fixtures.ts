import { type Config, configSchema } from '../../../core/config/index.ts';
import type { Dataset } from '../../../core/data/dataset.ts';
import { RandomStream } from '../../../core/data/random.ts';
import type { KernelVariant } from '../../../core/events/run-event.ts';
import { floats } from '../../../core/training/arena.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { Trainer } from '../../../core/training/trainer.ts';

/** A config with these parts and everything else at its default. */
export function configOf(parts: Record<string, unknown>): Config {
  return configSchema.parse({ data: { source: 'unused.csv' }, ...parts });
}

/** A data set of the given rows, all of them for training. */
export function datasetOf(rows: {
  inputs: Float32Array | Uint8Array;
  shape: number[];
  labels?: number[];
  targets?: number[];
  outputs: number;
  validation?: number;
}): Dataset {
  const features = rows.shape.reduce((a, b) => a * b, 1);
  const count = rows.inputs.length / features;
  const store = {
    count,
    inputs: rows.inputs,
    labels: rows.labels ? Int32Array.from(rows.labels) : null,
    targets: rows.targets ? Float32Array.from(rows.targets) : null,
  };
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  const kept = count - (rows.validation ?? 0);
  const empty = new Float64Array(features);
  return {
    task: rows.labels ? 'classification' : 'regression',
    shape: rows.shape,
    outputs: rows.outputs,
    classes: rows.labels ? Array.from({ length: rows.outputs }, (_, i) => String(i)) : null,
    train: { store, indices: all.slice(0, kept) },
    validation: rows.validation ? { store, indices: all.slice(kept) } : null,
    preprocessing: null,
    rotation: null,
    targetScaling: null,
    statistics: {
      type: 'data',
      trainExamples: kept,
      validationExamples: count - kept,
      classes: null,
      classCounts: null,
      mean: empty,
      std: empty,
      min: empty,
      max: empty,
      nonFinite: 0,
    },
  };
}

export function trainerOf(config: Config, dataset: Dataset, variant?: KernelVariant): Trainer {
  return new Trainer(config, dataset, planTraining(config, dataset), () => false, variant);
}

/** Views of a trainer's parameter values and gradients, in the plan's order. */
export function parametersOf(
  trainer: Trainer,
): { id: string; value: Float32Array; gradient: Float32Array }[] {
  return trainer.plan.network.parameters.map(({ summary, value, gradient }) => ({
    id: summary.id,
    value: floats(trainer.memory, value.offset, value.size),
    gradient: floats(trainer.memory, gradient.offset, gradient.size),
  }));
}

/** Views of what layers carry from step to step, named by the path of the layer. */
export function statesOf(trainer: Trainer): { id: string; value: Float32Array }[] {
  return trainer.plan.network.layers.flatMap(({ shape, states }) =>
    states.map(({ offset, size }, i) => ({
      id: [...shape.path, shape.states[i].name].join('.'),
      value: floats(trainer.memory, offset, size),
    })),
  );
}

/** Three noisy clouds of 4 features, the last 30 for validation. */
export function blobs(count = 200) {
  const random = new RandomStream(5, 'clouds');
  const labels = Array.from({ length: count }, () => random.integer(3));
  const inputs = Float32Array.from(
    labels.flatMap((label) => [0, 1, 2, 3].map((k) => 4 * (k === label ? 1 : 0) + random.normal())),
  );
  return datasetOf({ inputs, shape: [4], labels, outputs: 3, validation: 30 });
}
