import { binEdge, type Histogram } from '../events/histogram.ts';

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
  const moments = histograms.map(barsOf);
  const range = commonRange(moments);
  if (!range) return null;
  const [from, to] = range;
  const shares = moments.map((bars) => spread(bars, from, to, columns));
  const zero = (-from / (to - from)) * columns;
  // A spike at 0, as of what relu or dropout leaves, must not flatten all the rest.
  let highest = 0;
  let beside = 0;
  for (const row of shares) {
    for (let i = 0; i < columns; i++) {
      if (row[i]! > highest) highest = row[i]!;
      if (row[i]! > beside && Math.abs(i + 0.5 - zero) > 1.5) beside = row[i]!;
    }
  }
  const full = beside || highest || 1;
  const density = new Uint8Array(histograms.length * columns);
  for (const [moment, row] of shares.entries())
    for (let i = 0; i < columns; i++)
      density[moment * columns + i] = Math.min(255, Math.ceil((FULL * row[i]!) / full));
  return { from, to, columns, density, full };
}

/** The bins of a histogram that have values, from left to right: [from, to, count] each. */
type Bars = Float64Array;
const BAR = 3;

/** The small ones are on one side of 0 where all others are. */
function barsOf({ small, first, negative, positive }: Histogram): Bars {
  const bars = new Float64Array(BAR * (negative.length + positive.length + 1));
  let used = 0;
  const add = (from: number, to: number, count: number) => {
    if (count === 0) return;
    bars[used] = from;
    bars[used + 1] = to;
    bars[used + 2] = count;
    used += BAR;
  };
  for (let i = negative.length - 1; i >= 0; i--)
    add(-binEdge(first + i + 1), -binEdge(first + i), negative[i]!);
  const edge = binEdge(first);
  add(negative.length === 0 ? 0 : -edge, positive.length === 0 ? 0 : edge, small);
  for (let i = 0; i < positive.length; i++)
    add(binEdge(first + i), binEdge(first + i + 1), positive[i]!);
  return bars.subarray(0, used);
}

function totalOf(bars: Bars): number {
  let total = 0;
  for (let i = 0; i < bars.length; i += BAR) total += bars[i + 2]!;
  return total;
}

/** What nearly all values of nearly all moments lie in. */
function commonRange(moments: readonly Bars[]): [number, number] | null {
  const ends = moments.map(quantiles).filter((each) => each !== null);
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
function quantiles(bars: Bars): [number, number] | null {
  const tail = TAIL * totalOf(bars);
  if (tail === 0) return null;
  const [from = 0, to = 0] = bars;
  // Where in its one bin they are is not known: it is shown with room beside it.
  if (bars.length === BAR) return [from - (to - from), to + (to - from)];
  let low = from;
  for (let i = 0, rest = tail; i < bars.length; rest -= bars[i + 2]!, i += BAR) {
    if (rest >= bars[i + 2]!) continue;
    low = bars[i]! + ((bars[i + 1]! - bars[i]!) * rest) / bars[i + 2]!;
    break;
  }
  let high = to;
  for (let i = bars.length - BAR, rest = tail; i >= 0; rest -= bars[i + 2]!, i -= BAR) {
    if (rest >= bars[i + 2]!) continue;
    high = bars[i + 1]! - ((bars[i + 1]! - bars[i]!) * rest) / bars[i + 2]!;
    break;
  }
  return [low, high];
}

/** The share of all values in each column; those of a bin are spread evenly over it. */
function spread(bars: Bars, from: number, to: number, columns: number): Float64Array {
  const shares = new Float64Array(columns);
  const total = totalOf(bars);
  const scale = columns / (to - from);
  for (let i = 0; i < bars.length; i += BAR) {
    const left = (bars[i]! - from) * scale;
    const right = (bars[i + 1]! - from) * scale;
    const first = Math.max(0, Math.floor(left));
    const last = Math.min(columns - 1, Math.ceil(right) - 1);
    const density = bars[i + 2]! / total / (right - left);
    for (let column = first; column <= last; column++) {
      const overlap = Math.min(right, column + 1) - Math.max(left, column);
      shares[column]! += density * Math.max(0, overlap);
    }
  }
  return shares;
}
