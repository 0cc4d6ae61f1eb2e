import { type Bin, binsOf, type Histogram } from '../events/histogram.ts';

/** How a tensor's values were spread at each moment, over one range of values. */
export interface Picture {
  /** The range of values, left to right. */
  from: number;
  to: number;
  columns: number;
  /**
   * Row-major [moments × columns]: the share of values in a column, in 200ths of `full`; 255 is that and all
   * beyond.
   */
  density: Uint8Array;
  /** The share of all values that a column has at 200: the largest but for a spike at 0. */
  full: number;
}

export const PICTURE_COLUMNS = 96;
const FULL = 200;
/** Of the values on either side, this share may lie outside of the range. */
const TAIL = 0.01;
/** One moment widens the range at most to so many times what moments usually have. */
const WIDEST = 3;

/** Null where no moment has a value. */
export function pictureOf(
  histograms: readonly Histogram[],
  columns = PICTURE_COLUMNS,
): Picture | null {
  const range = commonRange(histograms);
  if (!range) return null;
  const [from, to] = range;
  const shares = histograms.map((histogram) => spread(histogram, from, to, columns));
  const zero = (-from / (to - from)) * columns;
  // A spike at 0, as of what relu or dropout leaves, must not flatten all the rest.
  const highest = (nearZero: boolean) =>
    shares.reduce(
      (most, row) =>
        row.reduce(
          (m, share, i) => (nearZero || Math.abs(i + 0.5 - zero) > 1.5 ? Math.max(m, share) : m),
          most,
        ),
      0,
    );
  const full = highest(false) || highest(true) || 1;
  const density = new Uint8Array(histograms.length * columns);
  for (const [moment, row] of shares.entries())
    for (const [i, share] of row.entries())
      density[moment * columns + i] = Math.min(255, Math.ceil((FULL * share) / full));
  return { from, to, columns, density, full };
}

/** What nearly all values of nearly all moments lie in. */
function commonRange(histograms: readonly Histogram[]): [number, number] | null {
  const ends = histograms.map(quantiles).filter((each) => each !== null);
  if (ends.length === 0) return null;
  const limit = (sizes: number[]) =>
    WIDEST * (sizes.toSorted((a, b) => a - b)[sizes.length >> 1] ?? 0) || Number.POSITIVE_INFINITY;
  const below = limit(ends.map(([low]) => Math.max(0, -low)).filter((size) => size > 0));
  const above = limit(ends.map(([, high]) => Math.max(0, high)).filter((size) => size > 0));
  const lowest = Math.max(-below, Math.min(...ends.map(([low]) => low)));
  const highest = Math.min(above, Math.max(...ends.map(([, high]) => high)));
  // A range that nearly reaches 0 begins there.
  const from = lowest > 0 && lowest < highest / 10 ? 0 : lowest;
  const to = highest < 0 && highest > lowest / 10 ? 0 : highest;
  return [from, to];
}

/** The values that TAIL of all are below, and above. */
function quantiles(histogram: Histogram): [number, number] | null {
  const bins = known(histogram);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return null;
  const [only] = bins;
  if (only && bins.length === 1) {
    // Where in it they are is not known: it is shown with room beside it.
    const width = only.to - only.from;
    return [only.from - width, only.to + width];
  }
  const value = (ordered: typeof bins, edge: 'from' | 'to') => {
    let rest = TAIL * total;
    for (const bin of ordered) {
      if (rest < bin.count) {
        const near = bin[edge];
        const far = bin[edge === 'from' ? 'to' : 'from'];
        return near + (far - near) * (rest / bin.count);
      }
      rest -= bin.count;
    }
    return 0;
  };
  return [value(bins, 'from'), value(bins.toReversed(), 'to')];
}

/** The bins that have values. The small ones are on one side of 0 where all others are. */
function known(histogram: Histogram): Bin[] {
  const { negative, positive } = histogram;
  return binsOf(histogram).flatMap(({ from, to, count }) => {
    if (count === 0) return [];
    const around = from < 0 && to > 0;
    return [
      {
        from: around && negative.length === 0 ? 0 : from,
        to: around && positive.length === 0 ? 0 : to,
        count,
      },
    ];
  });
}

/** The share of all values in each column; those of a bin are spread evenly over it. */
function spread(histogram: Histogram, from: number, to: number, columns: number): Float64Array {
  const shares = new Float64Array(columns);
  const bins = known(histogram);
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const scale = columns / (to - from);
  for (const bin of bins) {
    if (bin.count === 0) continue;
    const left = (bin.from - from) * scale;
    const right = (bin.to - from) * scale;
    const first = Math.max(0, Math.floor(left));
    const last = Math.min(columns - 1, Math.ceil(right) - 1);
    for (let i = first; i <= last; i++) {
      const overlap = Math.min(right, i + 1) - Math.max(left, i);
      shares[i]! += ((bin.count / total) * Math.max(0, overlap)) / (right - left);
    }
  }
  return shares;
}
