import type { Dataset, Examples } from '../../data/dataset.ts';
import { RandomStream } from '../../data/random.ts';
import { featureCount } from '../../data/source.ts';
import type { NeighbourProbe } from '../../events/run-event.ts';
import { comparableRows } from './comparable.ts';
import { Nearest } from './nearest.ts';
import { classVote, MOST_VOTERS, meanVote } from './votes.ts';

/** Training examples that are asked, and examples whose answer is sought. */
const MOST_ASKED = 1024;
const MOST_EXAMINED = 512;
/** Among more features even the nearest are far away: they would tell little, and cost most. */
const MOST_FEATURES = 32;
/** Multiply-adds that it may take: some milliseconds. */
const MOST_WORK = 1 << 21;
/** Among fewer the nearest are far away. */
const LEAST = 2 * MOST_VOTERS;

/**
 * What the nearest training examples say of those that a run is judged on: a level that the data surely allow,
 * found without a network (Cover and Hart 1967). Where nothing is held back, training examples are told by the
 * others. Null where there are too few of them, or too many features.
 */
export function probeNeighbours(dataset: Dataset, seed: number): NeighbourProbe | null {
  const { train, validation } = dataset;
  const features = featureCount(dataset.shape);
  if (features > MOST_FEATURES) return null;
  const columns = Uint32Array.from({ length: features }, (_, i) => i);
  const asked = some(train, seed, MOST_ASKED);
  const most = Math.min(MOST_EXAMINED, Math.floor(MOST_WORK / features / asked.length));
  const examined = validation ? some(validation, seed, most) : asked.subarray(0, most);
  if (Math.min(asked.length, examined.length) < LEAST) return null;
  const others = comparableRows(dataset, train, asked, columns);
  const own = validation ? comparableRows(dataset, validation, examined, columns) : others;
  const nearest = new Nearest(others, features, MOST_VOTERS);
  const vote = (train.store.labels ? classVote : meanVote)(
    dataset,
    { part: train, rows: asked },
    { part: validation ?? train, rows: examined },
  );
  let squares = 0;
  for (let i = 0; i < examined.length; i++) {
    nearest.seek(own, i, validation ? -1 : i);
    squares += nearest.squares[0]!;
    vote.take(i, nearest);
  }
  const told = vote.result();
  const between = 2 * variation(others, features);
  if (!Number.isFinite(told.score) || !(between > 0)) return null;
  const apart = squares / examined.length / between;
  return { probe: 'neighbours', ...told, apart, examined: examined.length };
}

/** Some of a part, in an order that this seed alone determines. */
function some({ indices }: Examples, seed: number, most: number): Uint32Array {
  const order = indices.slice();
  new RandomStream(seed, 'neighbour probe').shuffle(order);
  return order.subarray(0, most);
}

/** Sum of the columns' variances: half of the mean squared distance of two rows. */
function variation(rows: Float32Array, features: number): number {
  const count = rows.length / features;
  let all = 0;
  for (let j = 0; j < features; j++) {
    let sum = 0;
    let squares = 0;
    for (let i = j; i < rows.length; i += features) {
      sum += rows[i]!;
      squares += rows[i]! ** 2;
    }
    all += Math.max(0, squares / count - (sum / count) ** 2);
  }
  return all;
}
