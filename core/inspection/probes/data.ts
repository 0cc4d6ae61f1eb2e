import type { Dataset, Examples } from '../../data/dataset.ts';
import { featureCount } from '../../data/source.ts';
import type { DataEvent, DataProbe } from '../../events/run-event.ts';

/** So many pairs say all that can be acted on. */
const MOST_PAIRS = 16;
/** So many values are hashed, of all rows; of each at least some, spread over it. */
const HASHED_VALUES = 1 << 20;
const LEAST_HASHED = 32;
/** Rows with one hash that are compared: alike in what is hashed, they may differ elsewhere. */
const MOST_COMPARISONS = 16;

/** What a look at every example tells. Some ten milliseconds for 60,000 images. */
export function probeData(dataset: Dataset): DataProbe {
  const { train, validation, statistics } = dataset;
  return {
    probe: 'data',
    duplicateFeatures: duplicateFeatures(train, statistics),
    leaked: validation ? countLeaked(train, validation, featureCount(dataset.shape)) : 0,
    validationExamples: validation?.indices.length ?? 0,
  };
}

/** The first few pairs of features that are the same in every example; those that never vary are left out. */
function duplicateFeatures(
  train: Examples,
  { mean, std, min, max }: Pick<DataEvent, 'mean' | 'std' | 'min' | 'max'>,
): [number, number][] {
  const pairs: [number, number][] = [];
  // Equal columns have equal statistics, to the last bit.
  const alike = new Map<string, number[]>();
  for (let j = 0; j < mean.length && pairs.length < MOST_PAIRS; j++) {
    if (!(std[j]! > 0)) continue;
    const key = `${mean[j]} ${std[j]} ${min[j]} ${max[j]}`;
    const earlier = alike.get(key);
    if (!earlier) {
      alike.set(key, [j]);
      continue;
    }
    const twin = earlier.find((other) => sameColumn(train, mean.length, other, j));
    if (twin !== undefined) pairs.push([twin, j]);
    else if (earlier.length < MOST_COMPARISONS) earlier.push(j);
  }
  return pairs;
}

function sameColumn({ store, indices }: Examples, features: number, a: number, b: number): boolean {
  const { inputs } = store;
  return indices.every((index) =>
    same(inputs[index * features + a]!, inputs[index * features + b]!),
  );
}

/** Missing values are alike. */
function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** How many validation examples have the inputs of a training example, to the last bit. */
function countLeaked(train: Examples, validation: Examples, features: number): number {
  // Bytes here and floats there: not of one kind, so that nothing can be said.
  if (isBytes(train) !== isBytes(validation)) return 0;
  const rows = validation.indices.length + train.indices.length;
  const hashed = Math.min(features, Math.max(LEAST_HASHED, Math.floor(HASHED_VALUES / rows)));
  const columns = Uint32Array.from({ length: hashed }, (_, i) =>
    Math.floor((i * features) / hashed),
  );
  const known = new RowTable(validation, features, columns);
  return known.countIn(train);
}

function isBytes({ store }: Examples): boolean {
  return store.inputs instanceof Uint8Array;
}

/** The different rows of a part, to be found by their values: open addressing. */
class RowTable {
  readonly #part: Examples;
  readonly #features: number;
  readonly #columns: Uint32Array;
  readonly #mask: number;
  /** Of each place the row there and its hash; -1 is free. */
  readonly #rows: Int32Array;
  readonly #hashes: Int32Array;
  /** How many examples of the part have the values of that row; 0 once they are counted. */
  readonly #copies: Uint32Array;

  constructor(part: Examples, features: number, columns: Uint32Array) {
    this.#part = part;
    this.#features = features;
    this.#columns = columns;
    const places = 2 ** Math.ceil(Math.log2(2 * part.indices.length + 2));
    this.#hashes = new Int32Array(places);
    this.#mask = places - 1;
    this.#rows = new Int32Array(places).fill(-1);
    this.#copies = new Uint32Array(places);
    const hash = hasher(part, features, columns);
    for (const row of part.indices) {
      const own = hash(row);
      const place = this.#find(part, row, own);
      if (place < 0) continue;
      if (this.#copies[place]!++ > 0) continue;
      this.#rows[place] = row;
      this.#hashes[place] = own;
    }
  }

  /** How many examples of the table's part are in `other` too. */
  countIn(other: Examples): number {
    const hash = hasher(other, this.#features, this.#columns);
    let found = 0;
    for (const row of other.indices) {
      const place = this.#find(other, row, hash(row));
      if (place < 0 || this.#rows[place] === -1) continue;
      found += this.#copies[place]!;
      this.#copies[place] = 0;
    }
    return found;
  }

  /** Where these values are, or could be put; -1 where too many others are in the way. */
  #find(part: Examples, row: number, hash: number): number {
    let compared = 0;
    for (let place = hash & this.#mask; ; place = (place + 1) & this.#mask) {
      const other = this.#rows[place]!;
      if (other === -1) return place;
      if (this.#hashes[place] !== hash) continue;
      if (this.#sameRow(part, row, other)) return place;
      if (++compared === MOST_COMPARISONS) return -1;
    }
  }

  #sameRow({ store }: Examples, row: number, own: number): boolean {
    const features = this.#features;
    const { inputs } = this.#part.store;
    for (let j = 0; j < features; j++) {
      if (!same(store.inputs[row * features + j]!, inputs[own * features + j]!)) return false;
    }
    return true;
  }
}

/** FNV-1a over the bits of some columns. */
function hasher({ store }: Examples, features: number, columns: Uint32Array) {
  const { inputs } = store;
  const words =
    inputs instanceof Uint8Array
      ? inputs
      : new Uint32Array(inputs.buffer, inputs.byteOffset, inputs.length);
  return (row: number) => {
    let hash = 0x811c9dc5;
    const start = row * features;
    for (let i = 0; i < columns.length; i++) {
      hash = Math.imul(hash ^ words[start + columns[i]!]!, 0x01000193);
    }
    // High bits of floats differ most: they are mixed into the low ones.
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  };
}
