import type { Dataset } from '../../data/dataset.ts';
import { RandomStream } from '../../data/random.ts';
import { featureCount } from '../../data/source.ts';
import type { LabelProbe } from '../../events/run-event.ts';
import { comparableRows, spreadColumns } from './comparable.ts';
import { Nearest } from './nearest.ts';

const MOST_EXAMPLES = 2048;
const MOST_EXAMINED = 256;
const MOST_FEATURES = 256;
/** Multiply-adds that a probe may take: a tenth of a second. */
const MOST_WORK = 1 << 25;

/**
 * How well labels are told by the nearest neighbour, among some training examples of this seed (Cover
 * and Hart 1967: with endless examples at most twice the smallest possible error). Columns count by
 * their spread, pixels as they are. Null for regression.
 */
export function probeLabels(dataset: Dataset, seed: number): LabelProbe | null {
  const { labels } = dataset.train.store;
  if (!labels) return null;
  const order = dataset.train.indices.slice();
  new RandomStream(seed, 'label probe').shuffle(order);
  const columns = spreadColumns(featureCount(dataset.shape), MOST_FEATURES);
  const features = columns.length;
  const count = Math.min(
    order.length,
    MOST_EXAMPLES,
    Math.floor(MOST_WORK / features / MOST_EXAMINED),
  );
  const rows = order.subarray(0, count);
  const inputs = comparableRows(dataset, dataset.train, rows, columns);
  const nearest = new Nearest(inputs, features, 1);
  const examined = Math.min(count, MOST_EXAMINED);
  let agreeing = 0;
  for (let i = 0; i < examined; i++) {
    nearest.seek(inputs, i, i);
    if (count > 1 && labels[rows[nearest.rows[0]!]!] === labels[rows[i]!]) agreeing++;
  }
  const shares = new Float64Array(dataset.outputs + 1);
  for (const row of rows) shares[labels[row]!]! += 1 / count;
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  return { probe: 'labels', agreement: agreeing / examined, chance, examined };
}
