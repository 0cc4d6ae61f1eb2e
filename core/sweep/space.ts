import {
  type ParameterRange,
  parsePath,
  type SweepConfig,
  shapeOfKey,
  takesWholeNumbers,
} from '../config/index.ts';
import type { ConfigPath, Edit, Json } from '../events/finding.ts';
import type { ParameterValues, RangeNow, RangesNow } from '../events/sweep-event.ts';

/** A key that is searched, and where its values come from just now. */
export interface Dimension {
  /** As `sweep.parameters` has it. */
  key: string;
  path: ConfigPath;
  range: ParameterRange;
  /** Its values are rounded to whole numbers. */
  whole: boolean;
}

/** Four significant digits say all that a search can tell apart, and can be read. */
const DIGITS = 4;

/** What a sweep searches; `written` is the config as it stands in its file. */
export function spaceOf({ parameters }: SweepConfig, written: Json | undefined): Dimension[] {
  return Object.entries(parameters).map(([key, range]) => {
    const path = parsePath(key);
    return { key, path, range, whole: takesWholeNumbers(shapeOfKey(path, written)) };
  });
}

/** The value at a place of the range, from 0 to 1. */
export function valueAt({ range, whole }: Dimension, unit: number): Json {
  if (range.kind === 'choice')
    return range.values[Math.min(range.values.length - 1, Math.floor(unit * range.values.length))]!;
  const { kind, low, high } = range;
  if (kind === 'int') return Math.min(high, Math.floor(low + unit * (high - low + 1)));
  const exact =
    kind === 'log' ? Math.exp(mix(Math.log(low), Math.log(high), unit)) : mix(low, high, unit);
  const value = whole ? Math.round(exact) : Number(exact.toPrecision(DIGITS));
  return Math.min(high, Math.max(low, value));
}

/** The place of a value in the range, from 0 to 1; beyond these where it lies outside. */
export function unitOf({ range }: Dimension, value: Json | undefined): number {
  if (range.kind === 'choice') {
    const index = range.values.findIndex((one) => isSame(one, value));
    return (index + 0.5) / range.values.length;
  }
  const { kind, low, high } = range;
  if (typeof value !== 'number') return Number.NaN;
  if (kind === 'int') return (value - low + 0.5) / (high - low + 1);
  return kind === 'log'
    ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
    : (value - low) / (high - low);
}

/** A point of the unit cube as values. */
export function valuesAt(space: readonly Dimension[], point: readonly number[]): ParameterValues {
  return Object.fromEntries(
    space.map((dimension, d) => [dimension.key, valueAt(dimension, point[d]!)]),
  );
}

/** What sets these values in a config; a list of layers before what is within it. */
export function editsOf(space: readonly Dimension[], values: ParameterValues): Edit[] {
  return space
    .toSorted((a, b) => a.path.length - b.path.length)
    .map(({ key, path }) => ({ path, value: values[key]! }));
}

export function rangesOf(space: readonly Dimension[]): RangesNow {
  return Object.fromEntries(space.map(({ key, range }) => [key, rangeNow(range)]));
}

function rangeNow(range: ParameterRange): RangeNow {
  return range.kind === 'choice' ? { values: range.values } : { low: range.low, high: range.high };
}

/** The same keys in other ranges; where none is given it stays. */
export function withRanges(space: readonly Dimension[], ranges: RangesNow): Dimension[] {
  return space.map((dimension) => {
    const now = ranges[dimension.key];
    const { range } = dimension;
    if (!now) return dimension;
    if (range.kind === 'choice')
      return 'values' in now
        ? { ...dimension, range: { kind: 'choice', values: now.values } }
        : dimension;
    return 'low' in now
      ? { ...dimension, range: { ...range, low: now.low, high: now.high } }
      : dimension;
  });
}

export function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function mix(low: number, high: number, share: number): number {
  return low + share * (high - low);
}
