import type { ValidationMetrics } from '../events/run-event.ts';
import type { Exploration } from '../inspection/explorer/exploration.ts';
import { quality, targetVariation } from '../training/quality.ts';

/**
 * Measures what one or several networks say of all validation examples as a run measures its own: with the
 * loss of the config, in the unit that it trains in.
 */
export class Judge {
  readonly exploration: Exploration;
  readonly indices: Uint32Array;

  constructor(exploration: Exploration) {
    this.exploration = exploration;
    const { indices } = exploration.book.examples('validation');
    this.indices = Uint32Array.from(indices, (_, i) => i);
  }

  /** Of outputs as a network gives them, [examples × width]; of a regression in the data's unit. */
  measure(outputs: Float32Array): ValidationMetrics {
    const { book } = this.exploration;
    const { dataset } = book;
    const totals = {
      right: this.#right(this.choices(outputs)),
      squares: this.#squares(outputs),
      examples: this.indices.length,
    };
    const variation = targetVariation(book.examples('validation'), dataset.outputs);
    return { loss: this.#loss(outputs), ...quality(totals, dataset.outputs, variation) };
  }

  /** The fraction of right choices. */
  accuracy(choices: Int32Array): number {
    return this.#right(choices) / this.indices.length;
  }

  /** The class that is meant for each example, −1 where there is a NaN; empty for a regression. */
  choices(outputs: Float32Array): Int32Array {
    const { book, reading } = this.exploration;
    if (book.dataset.task === 'regression') return new Int32Array();
    return Int32Array.from(this.indices, (i) => reading.predicted(this.row(outputs, i)));
  }

  /** What is said of one example. */
  row(outputs: Float32Array, example: number): Float32Array {
    const width = this.exploration.model.plan.outputs;
    return outputs.subarray(example * width, (example + 1) * width);
  }

  #right(choices: Int32Array): number {
    const { book } = this.exploration;
    return choices.reduce(
      (right, choice, index) =>
        choice === book.label({ part: 'validation', index }) ? right + 1 : right,
      0,
    );
  }

  #squares(outputs: Float32Array): number {
    const { book } = this.exploration;
    if (book.dataset.task === 'classification') return 0;
    return this.indices.reduce((sum, index) => {
      const targets = book.targets({ part: 'validation', index })!;
      const said = this.row(outputs, index);
      return targets.reduce((row, target, k) => row + (said[k] - target) ** 2, sum);
    }, 0);
  }

  /** Σ wₙ lossₙ / Σ wₙ, where w weighs the classes. */
  #loss(outputs: Float32Array): number {
    const { model, book } = this.exploration;
    const { outputs: width, classWeights } = model.plan;
    let total = 0;
    let weights = 0;
    for (let from = 0; from < this.indices.length; from += model.capacity) {
      const batch = this.indices.subarray(from, from + model.capacity);
      const said = outputs.slice(from * width, (from + batch.length) * width);
      book.fromTargetUnit(said);
      model.values(model.last, batch.length).set(said);
      const losses = model.losses(batch.length, (labels, targets) =>
        book.putAnswers('validation', batch, labels, targets),
      );
      for (const [row, index] of batch.entries()) {
        const label = book.label({ part: 'validation', index });
        const weight = classWeights && label !== null ? classWeights.values[label] : 1;
        total += weight * losses[row];
        weights += weight;
      }
    }
    return total / weights;
  }
}
