/** A curve, as it is drawn. `Color` is how who draws it names a color. */
export interface Line<Color = string> {
  /** What it is, for readings and labels: "train", "run 6". */
  name: string;
  x: Float64Array;
  y: Float64Array;
  color: Color;
  width: number;
  dash: readonly number[];
  /** 0 … 1; faint lines carry no label. */
  opacity: number;
  /** A dot at each point. */
  dots: boolean;
  /** Joined by a line. */
  joined: boolean;
  /** At the end of the line; null: none. */
  label: string | null;
  /** Whose label gives way where there is no room for all: the higher number. */
  rank: number;
  /** Say where it is NaN or infinite: "loss is NaN". Null: it does not matter here. */
  alarm: string | null;
}

/** The area between two lines. */
export interface Gap<Color = string> {
  between: readonly [Line<Color>, Line<Color>];
  color: Color;
}

/** What a chart shows. */
export interface Content<Color = string> {
  lines: Line<Color>[];
  scale: 'linear' | 'log';
  /** The vertical range; null while there is nothing to show. */
  range: [number, number] | null;
  /** The exact value, for readings. */
  format(value: number): string;
  /** Right of the title. */
  note: string;
  /** A range that is as wanted. */
  band: { from: number; to: number; color: Color } | null;
  /** Shades between two lines. */
  gaps: readonly Gap<Color>[];
  /** Many thin lines behind all others, which are not read one by one; the last ones lie on top. */
  backdrop?: readonly Pick<Line<Color>, 'x' | 'y' | 'color' | 'opacity'>[];
}

/** Smallest and largest finite value of the lines (above zero for a log axis); null if there is none. */
export function extent(
  lines: readonly Pick<Line, 'y'>[],
  positive: boolean,
): [number, number] | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { y } of lines) {
    for (const value of y) {
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? [min, max] : null;
}

/** Index of the point nearest to `x`; -1 if there is none. `xs` ascends. */
export function nearest(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1]! < xs[low]! - x ? low - 1 : Math.min(low, xs.length - 1);
}

/** Where a line stops being finite. */
export interface Alarm {
  x: number;
  value: number;
  text: string;
}

/** The first of each stretch of values that are NaN, +Infinity or -Infinity. */
export function alarms(lines: readonly Pick<Line, 'x' | 'y' | 'alarm'>[]): Alarm[] {
  const found: Alarm[] = [];
  for (const { x, y, alarm } of lines) {
    if (alarm === null) continue;
    for (let i = 0; i < y.length; i++) {
      const value = y[i]!;
      if (Number.isFinite(value) || (i > 0 && Object.is(value, y[i - 1]))) continue;
      found.push({
        x: x[i]!,
        value,
        text: `${alarm} is ${Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞'}`,
      });
    }
  }
  return found.sort((a, b) => a.x - b.x);
}
