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

/**
 * The lower edge of a bin of size; of the bin behind the last one 2¹²⁸. The first octave, of 8 · 255 with
 * finite sizes, is that of zero and the subnormal numbers.
 */
export function binEdge(bin: number): number {
  const octave = Math.floor(bin / BINS_PER_OCTAVE);
  const eighth = (bin % BINS_PER_OCTAVE) / BINS_PER_OCTAVE;
  return octave === 0 ? eighth * 2 ** -126 : (1 + eighth) * 2 ** (octave - 127);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The bin of a size, a float32 of at least 0: the upper bits behind its sign. */
export function binOf(size: number): number {
  float[0] = size;
  return bits[0]! >>> 20;
}

/**
 * The histogram of `count` values from `min` to `max`. `countOf` tells how many there are in a bin of
 * size, of the negative ones or of the others; it is asked for the bins that are told apart only.
 */
export function histogramOf(
  { count, min, max }: { count: number; min: number; max: number },
  countOf: (bin: number, negative: boolean) => number,
): Histogram {
  if (count === 0) return EMPTY;
  const ends = [min < 0 ? binOf(-min) + 1 : 0, max >= 0 ? binOf(max) + 1 : 0];
  const octave = Math.max(0, Math.ceil(Math.max(...ends) / BINS_PER_OCTAVE) - OCTAVES);
  const first = octave * BINS_PER_OCTAVE;
  const [negative = NO_BINS, positive = NO_BINS] = ends.map((end, side) =>
    Uint32Array.from({ length: Math.max(0, end - first) }, (_, i) =>
      countOf(first + i, side === 0),
    ),
  );
  let small = count;
  for (const each of negative) small -= each;
  for (const each of positive) small -= each;
  return { small, first, negative, positive };
}

const NO_BINS = new Uint32Array(0);
const EMPTY: Histogram = { small: 0, first: 0, negative: NO_BINS, positive: NO_BINS };

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

/** Columns of `DistributionsEvent.bins`. */
const BIN_COLUMNS = 4;

/** Many histograms as two columns, for an event. */
export function packHistograms(histograms: readonly Histogram[]): {
  bins: Uint32Array;
  counts: Uint32Array;
} {
  const bins = Uint32Array.from(
    histograms.flatMap(({ small, first, negative, positive }) => [
      small,
      first,
      negative.length,
      positive.length,
    ]),
  );
  const counts = new Uint32Array(
    histograms.reduce((sum, { negative, positive }) => sum + negative.length + positive.length, 0),
  );
  let at = 0;
  for (const { negative, positive } of histograms) {
    counts.set(negative, at);
    counts.set(positive, at + negative.length);
    at += negative.length + positive.length;
  }
  return { bins, counts };
}

/** The histograms of an event, in the order of its rows; views of its counts. */
export function unpackHistograms(event: { bins: Uint32Array; counts: Uint32Array }): Histogram[] {
  const { bins, counts } = event;
  const histograms: Histogram[] = [];
  let at = 0;
  for (let row = 0; row + BIN_COLUMNS <= bins.length; row += BIN_COLUMNS) {
    const [small = 0, first = 0, below = 0, above = 0] = bins.subarray(row, row + BIN_COLUMNS);
    const negative = counts.subarray(at, at + below);
    const positive = counts.subarray(at + below, at + below + above);
    histograms.push({ small, first, negative, positive });
    at += below + above;
  }
  return histograms;
}

function usedLength(counts: Uint32Array): number {
  let length = counts.length;
  while (length > 0 && counts[length - 1] === 0) length--;
  return length;
}

function trimmed(counts: Uint32Array): Uint32Array {
  return counts.slice(0, usedLength(counts));
}
