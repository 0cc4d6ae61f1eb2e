import type { Dataset, Examples } from '../../data/dataset.ts';
import type { NeighbourProbe } from '../../events/run-event.ts';
import { targetVariation } from '../../training/quality.ts';
import type { Nearest } from './nearest.ts';

/** So many neighbours vote; the number that is right most often counts. */
const VOTERS = [1, 5, 15];
export const MOST_VOTERS = 15;

/** Rows of a part. */
export interface Chosen {
  part: Examples;
  rows: Uint32Array;
}

export interface Vote {
  /** Neighbours, the nearest first, are asked about the example at this index. */
  take(index: number, neighbours: Nearest): void;
  /** With the best number of voters. */
  result(): Pick<NeighbourProbe, 'score' | 'noise' | 'uneven'>;
}

/** The class that most of them have; of equally many that of the nearest. */
export function classVote({ outputs }: Dataset, asked: Chosen, examined: Chosen): Vote {
  const known = asked.part.store.labels!;
  const sought = examined.part.store.labels!;
  const right = VOTERS.map(() => 0);
  const votes = new Uint8Array(outputs);
  let shares = 0;
  let squares = 0;
  return {
    take(index, { rows }) {
      votes.fill(0);
      let leading = known[asked.rows[rows[0]!]!]!;
      const own = sought[examined.rows[index]!];
      for (let voter = 0; voter < rows.length; voter++) {
        const label = known[asked.rows[rows[voter]!]!]!;
        votes[label]!++;
        if (votes[label]! > votes[leading]!) leading = label;
        if (leading !== own) continue;
        const at = VOTERS.indexOf(voter + 1);
        if (at >= 0) right[at]!++;
      }
      const share = votes[leading]! / MOST_VOTERS;
      shares += share;
      squares += share * share;
    },
    result() {
      const count = examined.rows.length;
      const share = shares / count;
      const byChance = (share * (1 - share)) / MOST_VOTERS;
      const score = Math.max(...right) / count;
      return byChance > 0
        ? { score, uneven: (squares / count - share ** 2) / byChance }
        : { score };
    },
  };
}

/** The mean of their targets. */
export function meanVote({ outputs }: Dataset, asked: Chosen, examined: Chosen): Vote {
  const known = asked.part.store.targets!;
  const sought = examined.part.store.targets!;
  const { store } = examined.part;
  const all = targetVariation({ store, indices: examined.rows }, outputs)!;
  const squares = VOTERS.map(() => 0);
  const sums = new Float64Array(outputs);
  const distances = new Float64Array(MOST_VOTERS);
  const differences = new Float64Array(MOST_VOTERS);
  return {
    take(index, neighbours) {
      sums.fill(0);
      for (let voter = 0; voter < MOST_VOTERS; voter++) {
        const neighbour = neighbours.rows[voter]!;
        const at = VOTERS.indexOf(voter + 1);
        distances[voter]! += neighbours.squares[voter]!;
        for (let k = 0; k < outputs; k++) {
          const theirs = known[asked.rows[neighbour]! * outputs + k]!;
          const own = sought[examined.rows[index]! * outputs + k]!;
          sums[k]! += theirs;
          differences[voter]! += (theirs - own) ** 2 / 2;
          if (at >= 0) squares[at]! += (sums[k]! / (voter + 1) - own) ** 2;
        }
      }
    },
    result: () => ({
      score: 1 - Math.min(...squares) / all,
      noise: Math.min(1, Math.max(0, atZero(distances, differences)) / all),
    }),
  };
}

/**
 * Where the line through some points meets x = 0. Of squared distances and half the squared differences of
 * targets it is the variance of their noise: the Gamma test (Stefánsson, Končar, Jones 1997).
 */
function atZero(xs: Float64Array, ys: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [x, y] = [mean(xs), mean(ys)];
  let slope = 0;
  let spread = 0;
  for (let i = 0; i < xs.length; i++) {
    slope += (xs[i]! - x) * (ys[i]! - y);
    spread += (xs[i]! - x) ** 2;
  }
  return spread > 0 ? y - (slope / spread) * x : y;
}
