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

/** How far numbers that members give lie apart: Welford's sums, a member at a time. */
export class Deviation {
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #members = 0;

  constructor(values: number) {
    this.#mean = new Float64Array(values);
    this.#squares = new Float64Array(values);
  }

  add(outputs: Float32Array): void {
    this.#members++;
    for (let i = 0; i < outputs.length; i++) {
      const step = outputs[i] - this.#mean[i];
      this.#mean[i] += step / this.#members;
      this.#squares[i] += step * (outputs[i] - this.#mean[i]);
    }
  }

  /** Where targets are disputed: by the standard deviation, summed over the targets of an example. */
  disputed(method: EnsembleMethod, judge: Judge): Disagreement {
    const { book } = judge.exploration;
    const { indices } = book.examples('validation');
    const { outputs: width } = book.dataset;
    const members = this.#members;
    const sd = this.#squares.map((squares) => Math.sqrt(squares / Math.max(1, members - 1)));
    const own = (values: Float64Array, index: number) =>
      Array.from(values.subarray(index * width, (index + 1) * width));
    const examples = [...judge.indices]
      .map((index) => ({ index, sum: own(sd, index).reduce((all, value) => all + value, 0) }))
      .sort((a, b) => b.sum - a.sum || a.index - b.index)
      .slice(0, MOST)
      .map(({ index }) => ({
        index,
        row: indices[index],
        label: [...book.targets({ part: 'validation', index })!],
        answer: own(this.#mean, index),
        votes: null,
        choices: null,
        sd: own(sd, index),
      }));
    return { type: 'disagreement', method, members, disputed: null, examples };
  }
}
