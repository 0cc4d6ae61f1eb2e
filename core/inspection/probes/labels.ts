import type { Dataset } from '../../data/dataset.ts';
import { RandomStream } from '../../data/random.ts';
import { featureCount } from '../../data/source.ts';
import type { LabelProbe } from '../../events/run-event.ts';

const MOST_EXAMPLES = 2048;
const MOST_EXAMINED = 256;
/** Of more features some are compared, spread over all: neighbouring pixels say nearly the same. */
const MOST_FEATURES = 256;
/** Multiply-adds that a probe may take: a tenth of a second. */
const MOST_WORK = 1 << 25;
/** After so many features it is looked whether an example is already too far away. */
const STRETCH = 16;

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
  const all = featureCount(dataset.shape);
  const features = Math.min(all, MOST_FEATURES);
  const columns = Uint32Array.from({ length: features }, (_, i) =>
    Math.floor((i * all) / features),
  );
  const count = Math.min(
    order.length,
    MOST_EXAMPLES,
    Math.floor(MOST_WORK / features / MOST_EXAMINED),
  );
  const rows = order.subarray(0, count);
  const inputs = comparable(dataset, rows, columns);
  const examined = Math.min(count, MOST_EXAMINED);
  let agreeing = 0;
  for (let i = 0; i < examined; i++) {
    const nearest = nearestOther(inputs, count, features, i);
    if (nearest >= 0 && labels[rows[nearest]!] === labels[rows[i]!]) agreeing++;
  }
  const shares = new Float64Array(dataset.outputs + 1);
  for (const row of rows) shares[labels[row]!]! += 1 / count;
  const chance = shares.reduce((sum, share) => sum + share * share, 0);
  return { probe: 'labels', agreement: agreeing / examined, chance, examined };
}

/** [rows × columns]; what is missing is in the middle. */
function comparable(
  { train, shape, rotation, statistics: { mean, std } }: Dataset,
  rows: Uint32Array,
  columns: Uint32Array,
): Float32Array {
  const { inputs } = train.store;
  // Statistics are those of the columns; pixels, and principal components, are all of one unit.
  const asTheyAre = shape.length === 3 || rotation !== null;
  const values = new Float32Array(rows.length * columns.length);
  let i = 0;
  for (const row of rows) {
    for (const j of columns) {
      const input = inputs[row * mean.length + j]!;
      const value = asTheyAre || !(std[j]! > 0) ? input : (input - mean[j]!) / std[j]!;
      values[i++] = Number.isFinite(value) ? value : 0;
    }
  }
  return values;
}

function nearestOther(inputs: Float32Array, count: number, features: number, own: number): number {
  const start = own * features;
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < count; other++) {
    if (other === own) continue;
    const from = other * features;
    let square = 0;
    for (let j = 0; j < features && square < least; ) {
      const end = Math.min(features, j + STRETCH);
      for (; j < end; j++) {
        const difference = inputs[start + j]! - inputs[from + j]!;
        square += difference * difference;
      }
    }
    if (square < least) {
      least = square;
      nearest = other;
    }
  }
  return nearest;
}
