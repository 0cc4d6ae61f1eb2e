/**
 * Histograms whose bins nest: a bin is named by the upper bits of its values, the sign, the exponent
 * and three bits of the fraction, so that each octave [2ᵉ, 2ᵉ⁺¹) has 8 bins of one width. Zero counts among
 * the small. Any two of them merge exactly, whatever their ranges.
 */
export interface Histogram {
  /** Of the values below 2ᵉ in size, zeros included; 2ᵉ is the lower edge of the bin `first`. */
  small: number;
  /** The bin of size that `positive[0]` and `negative[0]` count: 8 · (127 + exponent) + eighth. */
  first: number;
  /** From small size to large; as long as the last bin that is not empty asks. */
  negative: Uint32Array;
  positive: Uint32Array;
}

export const BINS_PER_OCTAVE = 8;
/** Octaves below the largest value that are told apart; what is smaller is smaller than its 2⁻⁹. */
export const OCTAVES = 8;

/** 8 · 255 bins have finite sizes. */
const EDGES = Float64Array.from({ length: BINS_PER_OCTAVE * 255 + 1 }, (_, bin) => {
  const octave = Math.floor(bin / BINS_PER_OCTAVE);
  const eighth = (bin % BINS_PER_OCTAVE) / BINS_PER_OCTAVE;
  return octave === 0 ? eighth * 2 ** -126 : (1 + eighth) * 2 ** (octave - 127);
});

/**
 * The lower edge of a bin of size; of the bin behind the last one 2¹²⁸. The first octave is that of
 * zero and the subnormal numbers.
 */
export function binEdge(bin: number): number {
  return EDGES[bin] ?? Number.POSITIVE_INFINITY;
}

/** Columns of `DistributionsEvent.bins`. */
const BIN_COLUMNS = 4;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bin of a size, a float32 of at least 0: the upper bits behind its sign. */
export function binOf(size: number): number {
  float[0] = size;
  return bits[0]! >>> 20;
}

/** Of the values that a histogram counts. */
export interface Range {
  count: number;
  min: number;
  max: number;
}

/** The bins that are told apart of values in this range: the first, and how many on either side. */
function binsIn({ count, min, max }: Range): { first: number; below: number; above: number } {
  const below = count > 0 && min < 0 ? binOf(-min) + 1 : 0;
  const above = count > 0 && max >= 0 ? binOf(max) + 1 : 0;
  const octave = Math.max(0, Math.ceil(Math.max(below, above) / BINS_PER_OCTAVE) - OCTAVES);
  const first = octave * BINS_PER_OCTAVE;
  return { first, below: Math.max(0, below - first), above: Math.max(0, above - first) };
}

/** Collects histograms for an event, one after the other; made once, for it allocates little. */
export class HistogramColumns {
  readonly #bins: Uint32Array;
  readonly #counts: Uint32Array;
  #rows = 0;
  #used = 0;

  /** `rows`: how many there will be. */
  constructor(rows: number) {
    this.#bins = new Uint32Array(rows * BIN_COLUMNS);
    this.#counts = new Uint32Array(rows * 2 * OCTAVES * BINS_PER_OCTAVE);
  }

  /**
   * `count` adds to `counts` how many values are in the bins of size from `first` on, of the negative ones or of
   * the others: all at once, for there are thousands at each step.
   */
  add(range: Range, count: (counts: Uint32Array, first: number, negative: boolean) => void): void {
    const { first, below, above } = binsIn(range);
    const counts = this.#counts.subarray(this.#used, this.#used + below + above).fill(0);
    this.#used += below + above;
    if (below > 0) count(counts.subarray(0, below), first, true);
    if (above > 0) count(counts.subarray(below), first, false);
    let small = range.count;
    for (let i = 0; i < counts.length; i++) small -= counts[i]!;
    const at = this.#rows++ * BIN_COLUMNS;
    this.#bins[at] = small;
    this.#bins[at + 1] = first;
    this.#bins[at + 2] = below;
    this.#bins[at + 3] = above;
  }

  /** All that came since the last call. */
  take(): { bins: Uint32Array; counts: Uint32Array } {
    const bins = this.#bins.slice(0, this.#rows * BIN_COLUMNS);
    const counts = this.#counts.slice(0, this.#used);
    this.#rows = 0;
    this.#used = 0;
    return { bins, counts };
  }
}

/** The counts of both. The small of the one that tells fewer octaves apart are small in the sum. */
export function merge(a: Histogram, b: Histogram): Histogram {
  const ends = [a, b].map(({ first, negative, positive }) =>
    negative.length + positive.length === 0
      ? 0
      : first + Math.max(negative.length, positive.length),
  );
  const end = Math.max(...ends);
  const octave = Math.max(0, Math.ceil(end / BINS_PER_OCTAVE) - OCTAVES);
  const first = Math.max(octave * BINS_PER_OCTAVE, a.first, b.first);
  const merged: Histogram = {
    small: a.small + b.small,
    first,
    negative: new Uint32Array(Math.max(0, end - first)),
    positive: new Uint32Array(Math.max(0, end - first)),
  };
  for (const each of [a, b]) {
    for (const side of ['negative', 'positive'] as const) {
      for (const [i, count] of each[side].entries()) {
        const bin = each.first + i - first;
        if (bin < 0) merged.small += count;
        else merged[side][bin]! += count;
      }
    }
  }
  return { ...merged, negative: trimmed(merged.negative), positive: trimmed(merged.positive) };
}

/** A bin of the line, with its edges. */
export interface Bin {
  from: number;
  to: number;
  count: number;
}

/** All bins from the least value to the greatest, the small ones in one around 0; empty ones too. */
export function binsOf({ small, first, negative, positive }: Histogram): Bin[] {
  const edge = binEdge(first);
  const below = Array.from(negative, (count, i) => ({
    from: -binEdge(first + i + 1),
    to: -binEdge(first + i),
    count,
  }));
  const above = Array.from(positive, (count, i) => ({
    from: binEdge(first + i),
    to: binEdge(first + i + 1),
    count,
  }));
  const middle = first === 0 ? [] : [{ from: -edge, to: edge, count: small }];
  return [...below.reverse(), ...middle, ...above];
}

/** Which of an event's counts are those of one row. */
export function rowRange(bins: Uint32Array, row: number): { from: number; to: number } {
  let from = 0;
  const at = row * BIN_COLUMNS;
  for (let i = 0; i < at; i += BIN_COLUMNS) from += bins[i + 2]! + bins[i + 3]!;
  return { from, to: from + (bins[at + 2] ?? 0) + (bins[at + 3] ?? 0) };
}

/** The histogram of one row of an event; a view of its counts. */
export function histogramAt(
  { bins, counts }: { bins: Uint32Array; counts: Uint32Array },
  row: number,
): Histogram {
  const { from, to } = rowRange(bins, row);
  const at = row * BIN_COLUMNS;
  const [small = 0, first = 0, below = 0] = bins.subarray(at, at + BIN_COLUMNS);
  const middle = from + below;
  return {
    small,
    first,
    negative: counts.subarray(from, middle),
    positive: counts.subarray(middle, to),
  };
}

/** The histograms of an event, in the order of its rows. */
export function unpackHistograms(event: { bins: Uint32Array; counts: Uint32Array }): Histogram[] {
  return Array.from({ length: event.bins.length / BIN_COLUMNS }, (_, row) =>
    histogramAt(event, row),
  );
}

function usedLength(counts: Uint32Array): number {
  let length = counts.length;
  while (length > 0 && counts[length - 1] === 0) length--;
  return length;
}

function trimmed(counts: Uint32Array): Uint32Array {
  return counts.slice(0, usedLength(counts));
}
