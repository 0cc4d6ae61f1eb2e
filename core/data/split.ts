import { UserError } from '../events/user-error.ts';
import type { ExampleStore, Examples } from './dataset.ts';
import { RandomStream } from './random.ts';

/** All examples of a store, in its order. */
export function wholeStore(store: ExampleStore): Examples {
  return { store, indices: Uint32Array.from({ length: store.count }, (_, i) => i) };
}

/**
 * Cuts a store into two parts at random; `fraction` of the examples (rounded) validate. An example of
 * every class stays in the training part: no network learns a class it never sees. Both parts keep
 * the store's order; nothing is copied.
 */
export function split(
  store: ExampleStore,
  fraction: number,
  seed: number,
): { train: Examples; validation: Examples } {
  const order = wholeStore(store).indices;
  new RandomStream(seed, 'split').shuffle(order);
  const wanted = Math.round(store.count * fraction);
  const seen = new Set<number>();
  const validates = new Uint8Array(store.count);
  let validating = 0;
  for (const index of order) {
    const label = store.labels ? store.labels[index]! : 0;
    if (!seen.has(label)) seen.add(label);
    else if (validating < wanted) {
      validates[index] = 1;
      validating++;
    }
  }
  if (validating === 0) {
    throw new UserError(
      `A fraction of ${fraction} of ${store.count} examples leaves none to validate with; take a larger one, or more examples.`,
      { path: ['data', 'validation'] },
    );
  }
  return {
    train: { store, indices: order.filter((i) => validates[i] === 0).sort() },
    validation: { store, indices: order.filter((i) => validates[i] === 1).sort() },
  };
}

/** As many examples, drawn with replacement; in the store's order. */
export function bootstrap({ store, indices }: Examples, seed: number): Examples {
  const random = new RandomStream(seed, 'bootstrap');
  const drawn = Uint32Array.from(indices, () => indices[random.integer(indices.length)]!);
  return { store, indices: drawn.sort() };
}
