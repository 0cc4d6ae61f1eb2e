import type { EnsembleMethod } from '../config/index.ts';
import type { Judge } from './judge.ts';
import type { Disagreement, DisputedExample, DisputedInputs } from './protocol.ts';
import type { Votes } from './votes.ts';

/** So many are told. */
const MOST = 10;

/** Where classes are disputed: by the entropy of the votes, then by how unsure the mean is. */
export function disputedClasses(
  method: EnsembleMethod,
  judge: Judge,
  votes: Votes,
  mean: Float32Array,
): Disagreement {
  const { book, reading } = judge.exploration;
  const { indices } = book.examples('validation');
  const names = book.dataset.classes ?? [];
  const nameOf = (index: number) => names[index] ?? String(index);
  const scores = (index: number) => classScores(judge, mean, index);
  const winners = votes.winners(scores);
  const disputed = [...judge.indices]
    .map((index) => ({
      index,
      entropy: votes.entropy(index),
      score: scores(index)[winners[index]] ?? 0,
    }))
    .filter(({ entropy }) => entropy > 0)
    .sort((a, b) => b.entropy - a.entropy || a.score - b.score || a.index - b.index);
  const examples = disputed.slice(0, MOST).map(({ index }): DisputedExample => {
    const counts = votes.counts(index);
    const chosen = [...counts.keys()]
      .filter((one) => counts[one] > 0)
      .sort((a, b) => counts[b] - counts[a] || a - b);
    const answer = reading.predicted(judge.row(mean, index));
    return {
      index,
      row: indices[index],
      label: nameOf(book.label({ part: 'validation', index })!),
      answer: answer < 0 ? null : nameOf(answer),
      votes: chosen.map((one) => ({ class: nameOf(one), count: counts[one] })),
      choices: votes.members.map((choices) => (choices[index] < 0 ? null : nameOf(choices[index]))),
      sd: null,
    };
  });
  const members = votes.members.length;
  return { type: 'disagreement', method, members, disputed: disputed.length, examples };
}

/** What these examples look like. */
export function disputedInputs(judge: Judge, { examples }: Disagreement): DisputedInputs {
  const { book } = judge.exploration;
  const { features, range, dataset } = book;
  const bytes = new DataView(new ArrayBuffer(4 * features * examples.length));
  for (const [i, { index }] of examples.entries())
    for (const [j, value] of book.raw({ part: 'validation', index }).entries())
      bytes.setFloat32(4 * (i * features + j), value, true);
  const values = Buffer.from(bytes.buffer).toString('base64');
  return { type: 'inputs', shape: [...dataset.shape], range, values };
}

/** What the mean of the members gives each class. */
export function classScores(judge: Judge, mean: Float32Array, example: number): Float32Array {
  const outputs = judge.row(mean, example);
  return judge.exploration.reading.probabilitiesOf(outputs) ?? outputs;
}

/** Numbers that members give, in the data's unit, and how far they lie apart. */
export class Predictions {
  /** Of each member, [examples × targets]. */
  readonly #said: Float32Array[] = [];

  add(outputs: Float32Array): void {
    this.#said.push(outputs);
  }

  /** Where targets are disputed: by the standard deviation, summed over the targets of an example. */
  disputed(method: EnsembleMethod, judge: Judge): Disagreement {
    const { book } = judge.exploration;
    const { indices } = book.examples('validation');
    const { outputs: width } = book.dataset;
    const members = this.#said.length;
    const said = (index: number) => this.#said.map((outputs) => [...judge.row(outputs, index)]);
    const spreads = (index: number) => {
      const numbers = said(index);
      return Array.from({ length: width }, (_, k) => spreadOf(numbers.map((one) => one[k])));
    };
    // Who says NaN is farthest from all.
    const sums = Float64Array.from(judge.indices, (index) => {
      const sum = spreads(index).reduce((all, { sd }) => all + sd, 0);
      return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
    });
    const examples = [...judge.indices]
      .sort((a, b) => sums[b] - sums[a] || a - b)
      .slice(0, MOST)
      .map(
        (index): DisputedExample => ({
          index,
          row: indices[index],
          label: [...book.targets({ part: 'validation', index })!],
          answer: spreads(index).map(({ mean }) => mean),
          votes: null,
          choices: null,
          sd: spreads(index).map(({ sd }) => sd),
          said: said(index),
        }),
      );
    return { type: 'disagreement', method, members, disputed: null, examples };
  }
}

/** Mean and standard deviation; of one number the latter is 0. */
function spreadOf(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
