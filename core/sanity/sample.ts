import type { Dataset, ExampleStore, Examples } from '../data/dataset.ts';
import { RandomStream } from '../data/random.ts';
import { featureCount } from '../data/source.ts';

/** Training examples at random, copied: a small arena does for them. They are their own validation part too. */
export function sampleOf(dataset: Dataset, count: number, seed: number): Dataset {
  return partOf(dataset, shuffled(dataset, seed).subarray(0, count));
}

/** The training examples in an order of this seed. */
export function shuffled({ train }: Dataset, seed: number): Uint32Array {
  const order = train.indices.slice();
  new RandomStream(seed, 'sanity').shuffle(order);
  return order;
}

/** These rows alone, in this order; preprocessing stays that of the whole training part. */
export function partOf(dataset: Dataset, rows: Uint32Array): Dataset {
  const { store } = dataset.train;
  const features = featureCount(dataset.shape);
  const part: ExampleStore = {
    count: rows.length,
    inputs: gather(store.inputs, rows, features),
    labels: store.labels && gather(store.labels, rows, 1),
    targets: store.targets && gather(store.targets, rows, dataset.outputs),
  };
  const examples: Examples = { store: part, indices: rows.map((_, i) => i) };
  const { softTargets } = dataset;
  return {
    ...dataset,
    train: examples,
    validation: examples,
    ...(softTargets && { softTargets: gather(softTargets, rows, dataset.outputs) }),
  };
}

function gather<T extends Float32Array | Uint8Array | Int32Array>(
  values: T,
  rows: Uint32Array,
  width: number,
): T {
  const part = values.slice(0, rows.length * width) as T;
  for (const [i, row] of rows.entries()) {
    part.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return part;
}

/**
 * A few training examples whose inputs differ, of all classes in turn: what a network must be able to
 * learn by heart.
 */
export function tinyBatch(dataset: Dataset, count: number, seed: number): Uint32Array {
  const { labels } = dataset.train.store;
  const waiting = new Map<number, number[]>();
  for (const row of shuffled(dataset, seed)) {
    const label = labels ? labels[row]! : 0;
    const queue = waiting.get(label);
    if (queue) queue.push(row);
    else waiting.set(label, [row]);
  }
  const chosen: number[] = [];
  const queues = [...waiting.values()].map((queue) => queue.values());
  while (queues.length > 0 && chosen.length < count) {
    const queue = queues.shift()!;
    const next = nextDifferent(dataset, queue, chosen);
    if (next === null) continue;
    chosen.push(next);
    queues.push(queue);
  }
  return Uint32Array.from(chosen);
}

function nextDifferent(
  dataset: Dataset,
  queue: Iterator<number>,
  chosen: readonly number[],
): number | null {
  const features = featureCount(dataset.shape);
  const { inputs } = dataset.train.store;
  const inputsOf = (row: number) => inputs.subarray(row * features, (row + 1) * features);
  const isSame = (a: number, b: number) => {
    const other = inputsOf(b);
    return inputsOf(a).every((value: number, j: number) => value === other[j]);
  };
  for (let next = queue.next(); !next.done; next = queue.next()) {
    if (!chosen.some((row) => isSame(row, next.value))) return next.value;
  }
  return null;
}
