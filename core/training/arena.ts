import type { Config } from '../config/index.ts';
import type { Dataset, ExampleStore } from '../data/dataset.ts';
import { RandomStream } from '../data/random.ts';
import { UserError } from '../events/user-error.ts';
import type { Offset } from '../kernels/kernels.ts';
import { initializeParameter } from '../network/initializers.ts';
import type { Plan, PlannedStore } from './plan.ts';

const PAGE_BYTES = 65536;

/** Reserves the one memory of a run. Shared, so that threads can work on it. */
export function allocateArena(bytes: number): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new UserError(
      `The ${(bytes / 2 ** 20).toFixed(0)} MiB that this run needs could not be reserved (${(error as Error).message}). Close other programs or runs, or use a smaller network, batch or data set.`,
      { path: ['model', 'layers'] },
    );
  }
}

/** A view of `length` float32 values. */
export function floats(memory: WebAssembly.Memory, offset: Offset, length: number): Float32Array {
  return new Float32Array(memory.buffer, offset, length);
}

/** Copies the data in and sets parameters to their initial values; the rest starts as zeros. */
export function fillArena(
  memory: WebAssembly.Memory,
  plan: Plan,
  config: Config,
  dataset: Dataset,
): void {
  copyStore(memory, plan.train.store, dataset.train.store);
  if (plan.validation && dataset.validation) {
    if (dataset.validation.store !== dataset.train.store) {
      copyStore(memory, plan.validation.store, dataset.validation.store);
    }
    const { indices } = dataset.validation;
    new Uint32Array(memory.buffer, plan.validation.order, indices.length).set(indices);
  }
  if (plan.inspection) {
    const { probe } = plan.inspection;
    const shuffled = dataset.train.indices.slice();
    new RandomStream(config.training.seed, 'probe').shuffle(shuffled);
    const order = new Uint32Array(memory.buffer, probe.order, probe.count);
    order.set(shuffled.subarray(0, probe.count));
  }
  if (plan.classWeights) {
    const { offset, values } = plan.classWeights;
    new Float64Array(memory.buffer, offset, values.length).set(values);
  }
  if (plan.teacher && dataset.softTargets) {
    const { softTargets } = dataset;
    floats(memory, plan.teacher.table, softTargets.length).set(softTargets);
  }
  if (plan.targetUnit !== 0) scaleTargets(memory, plan, dataset);
  const { features } = plan;
  const { preprocessing } = dataset;
  floats(memory, plan.offset, features).set(preprocessing?.offset ?? []);
  if (preprocessing) floats(memory, plan.scale, features).set(preprocessing.scale);
  else floats(memory, plan.scale, features).fill(1);

  const { init, biasInit } = config.model;
  for (const { shape, parameters, states } of plan.network.layers) {
    const own = 'init' in shape.layer ? shape.layer.init : null;
    for (const parameter of parameters) {
      const { offset, size } = parameter.value;
      const values = floats(memory, offset, size);
      initializeParameter(values, parameter, own ?? init, biasInit, config.training.seed);
    }
    for (const [i, { offset, size }] of states.entries()) {
      floats(memory, offset, size).fill(shape.states[i].start);
    }
  }
}

function copyStore(
  memory: WebAssembly.Memory,
  { inputs, answers }: PlannedStore,
  store: ExampleStore,
): void {
  if (store.inputs instanceof Uint8Array) {
    new Uint8Array(memory.buffer, inputs, store.inputs.length).set(store.inputs);
  } else {
    floats(memory, inputs, store.inputs.length).set(store.inputs);
  }
  if (store.labels) new Int32Array(memory.buffer, answers, store.labels.length).set(store.labels);
  if (store.targets) floats(memory, answers, store.targets.length).set(store.targets);
}

/** t′ = (t − offset) · scale, in place; 1 of t′ is 1 / scale in the target's own unit. */
function scaleTargets(memory: WebAssembly.Memory, plan: Plan, dataset: Dataset): void {
  const { outputs } = plan;
  const unit = floats(memory, plan.targetUnit, outputs).fill(1);
  if (!dataset.targetScaling) return;
  const { offset, scale } = dataset.targetScaling;
  for (let k = 0; k < outputs; k++) unit[k] = 1 / scale[k];
  const stores = new Map([[plan.train.store, dataset.train.store]]);
  if (plan.validation && dataset.validation) {
    stores.set(plan.validation.store, dataset.validation.store);
  }
  for (const [{ answers }, { count }] of stores) {
    const targets = floats(memory, answers, count * outputs);
    for (let i = 0; i < targets.length; i++) {
      targets[i] = (targets[i] - offset[i % outputs]) * scale[i % outputs];
    }
  }
}
