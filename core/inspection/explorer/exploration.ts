import { UserError } from '../../events/user-error.ts';
import type { ExampleBook } from './examples.ts';
import type { Model } from './model.ts';
import type { Part, Verdict } from './protocol.ts';
import type { Reading } from './reading.ts';

/** A trained network, its data, and how its outputs are to be read. */
export interface Exploration {
  model: Model;
  book: ExampleBook;
  reading: Reading;
  /** To be called between pieces of work of some milliseconds; throws to end it. */
  poll(): void;
}

/** Hears which share of the work is done, now and then. */
export type Report = (share: number) => void;

/** Takes examples through the network as far as layer `to`, as many at a time as there is room for. */
export function forEachBatch(
  { model, book }: Exploration,
  { part, indices, to }: { part: Part; indices: ArrayLike<number>; to: number },
  report: Report,
  visit: (batch: Uint32Array, from: number) => void,
): void {
  const all = Uint32Array.from(indices);
  for (let from = 0; from < all.length; from += model.capacity) {
    const batch = all.subarray(from, from + model.capacity);
    book.put(part, batch, model.inputs(batch.length));
    model.forward(batch.length, to);
    visit(batch, from);
    report((from + batch.length) / all.length);
  }
}

/** All examples of a part. */
export function everyIndex(book: ExampleBook, part: Part): Uint32Array {
  return Uint32Array.from(book.examples(part).indices, (_, index) => index);
}

/** What the network says of one row, after a whole forward pass. */
export function verdictOf({ model, book, reading }: Exploration, row: number): Verdict {
  const { outputs: width } = model.plan;
  const outputs = model.values(model.last, row + 1).slice(row * width, (row + 1) * width);
  if (book.dataset.task === 'regression') {
    book.toTargetUnit(outputs);
    return { outputs, probabilities: null, predicted: null };
  }
  const predicted = reading.predicted(outputs);
  return { outputs, probabilities: reading.probabilitiesOf(outputs), predicted };
}

/** Throws UserError where there is no such class or value. */
export function checkOutput({ book, reading }: Exploration, output: number): void {
  if (Number.isInteger(output) && output >= 0 && output < reading.count) return;
  const what = book.dataset.classes ? 'class' : 'target value';
  throw new UserError(`There is no ${what} ${output}: they count from 0 to ${reading.count - 1}.`);
}

/** Throws UserError where there is no such layer. */
export function checkLayer({ model }: Exploration, layer: number): void {
  if (layer in model.plan.shapes) return;
  throw new UserError(`There is no layer ${layer}: they count from 0 to ${model.last}.`);
}

/** Channels of an image, values of a row. Throws UserError where there is no such unit. */
export function checkUnit(exploration: Exploration, layer: number, unit: number): void {
  checkLayer(exploration, layer);
  const { outputShape, label } = exploration.model.plan.shapes[layer];
  const units = outputShape[outputShape.length - 1];
  if (Number.isInteger(unit) && unit >= 0 && unit < units) return;
  throw new UserError(`${label} has no unit ${unit}: they count from 0 to ${units - 1}.`);
}
