import type { SeriesId } from '../../events/series.ts';
import type { Line } from '../chart/content.ts';

/** A curve's points: x ascending, y anything. */
export interface Series {
  id: SeriesId;
  label: string;
  x: Float64Array;
  y: Float64Array;
}

/** The curves of one run. */
export type RunSeries = ReadonlyMap<SeriesId, Series>;

/** What the colors of curves mean. */
export interface CurveColors<Color> {
  train: Color;
  validation: Color;
  /** Between training and validation. */
  gap: Color;
  /** Where a value is as wanted. */
  good: Color;
  /** Of a layer's weights, 0 the first … 1 the last layer; and of its biases, which stay behind them. */
  weights(depth: number): Color;
  biases(depth: number): Color;
  /** Of the loss of single batches. */
  faint: number;
}

/** A plain line; `changes` make it what it is to be. */
export function line<Color>(
  name: string,
  { x, y }: Pick<Series, 'x' | 'y'>,
  color: Color,
  changes: Partial<Line<Color>>,
): Line<Color> {
  return {
    name,
    x,
    y,
    color,
    width: 1.8,
    dash: [],
    opacity: 1,
    dots: false,
    joined: true,
    label: null,
    rank: 0,
    alarm: null,
    ...changes,
  };
}

/** The series, where it has points. */
export function seriesOf(run: RunSeries, id: SeriesId): Series | null {
  const found = run.get(id);
  return found?.x.length ? found : null;
}

/** The last value, be it NaN. */
export const latest = ({ y }: Series): number => y.at(-1) ?? Number.NaN;
