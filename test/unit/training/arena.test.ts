import { describe, expect, it } from 'vitest';
import { layerType } from '../../../core/network/layers/index.ts';
import { sizeOf } from '../../../core/network/layers/layer.ts';
import type { Plan } from '../../../core/training/plan.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { WORKLOADS } from '../../bench/step/workloads.ts';
import { configOf, datasetOf } from './fixtures.ts';

/**
 * Bytes of the values that a step must have at one time, by hand: parameters with their gradients and
 * momentum, the batch, what each layer leaves for its backward pass, and the largest gradient that goes
 * in and out of one layer.
 */
function liveBytes({ network }: Plan): number {
  const parameters = network.parameters.reduce((sum, { value }) => sum + value.size, 0);
  const values = [network.input, ...network.layers.map(({ output }) => output)];
  const outputs = new Map(values.map(({ offset, size }) => [offset, size]));
  const activations = [...outputs.values()].reduce((sum, size) => sum + size, 0);
  const kept = network.layers.filter(({ shape }) => !layerType(shape.layer).inPlace);
  const sizes = kept.map(({ shape }) => network.capacity * sizeOf(shape.outputShape));
  const gradients = Math.max(...sizes.map((size, i) => size + (sizes[i - 1] ?? 0)));
  const caches = network.layers.reduce(
    (sum, { shape: { layer, inputShape } }) =>
      sum +
      (layerType(layer).caches?.(layer, inputShape, network.capacity) ?? []).reduce(
        (all, bytes) => all + bytes,
        0,
      ),
    0,
  );
  return 4 * (3 * parameters + activations + gradients) + caches;
}

/** Networks in whose arena the fixed working memory of a thread does not count for most. */
const large = WORKLOADS.filter(({ name }) => ['cs231n', 'big', 'cifarcnn'].includes(name));

describe('the arena', () => {
  it.each(large)('of $name is at most 1.25 times what must live in it', (workload) => {
    const { input, layers, classes } = workload;
    // As many examples as a pass takes anyway.
    const batch = 128;
    const dataset = datasetOf({
      inputs: new Float32Array(batch * sizeOf(input)),
      shape: input,
      labels: Array.from({ length: batch }, (_, i) => i % classes),
      outputs: classes,
    });
    const config = configOf({
      model: { layers },
      optimizer: { type: 'sgd', momentum: 0.9 },
      training: { batchSize: batch },
      inspect: 'none',
    });
    const plan = planTraining(config, dataset);
    const data = dataset.train.store.inputs.byteLength;
    expect(plan.summary.arenaBytes - data).toBeLessThan(1.25 * liveBytes(plan));
  });
});
