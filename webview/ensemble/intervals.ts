import type { EnsembleRow } from '../../core/ensemble/protocol.ts';
import { linearTicks } from '../../core/report/chart/ticks.ts';
import { type Measure, spreadOf } from './metrics.ts';

/** Marks on one axis that all rows share: pure, for the view as for what is taken away. */

/** From and to, with room beside the outermost value. */
export interface Extent {
  low: number;
  high: number;
  ticks: number[];
}

export interface Marks {
  /** Every member alone, in shares of the width. */
  members: number[];
  /** Their mean ± one standard deviation. */
  interval: [from: number, to: number] | null;
  mean: number | null;
  /** All of them together; null of a member alone. */
  combined: number | null;
}

/** With about `count` ticks. Values that are none, or not finite, have no extent: null. */
export function extentOf(values: readonly (number | null)[], count: number): Extent | null {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (finite.length === 0) return null;
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const margin = most > least ? 0.08 * (most - least) : Math.max(0.01, Math.abs(most) * 0.02);
  const [low, high] = [least - margin, most + margin];
  return { low, high, ticks: linearTicks(low, high, count) };
}

export function extentOfRows(
  rows: readonly EnsembleRow[],
  measure: Measure,
  count: number,
): Extent | null {
  const values = rows.flatMap((row) => {
    const spread = spreadOf(row, measure);
    const ends = spread ? [spread.mean - spread.sd, spread.mean + spread.sd] : [];
    return [measure.of(row.validation), ...row.alone.map(measure.of), ...ends];
  });
  return extentOf(values, count);
}

/** Where a value stands, 0 to 1. */
export function placeOf(value: number, { low, high }: Extent): number {
  return (value - low) / (high - low);
}

export function marksOf(row: EnsembleRow, measure: Measure, extent: Extent): Marks {
  const place = (value: number | null) =>
    value !== null && Number.isFinite(value) ? placeOf(value, extent) : null;
  const spread = spreadOf(row, measure);
  const members = row.alone.map((one) => place(measure.of(one))).filter((at) => at !== null);
  const [from, to] = spread
    ? [place(spread.mean - spread.sd), place(spread.mean + spread.sd)]
    : [null, null];
  return {
    members,
    interval: from !== null && to !== null && spread!.sd > 0 ? [from, to] : null,
    mean: spread ? place(spread.mean) : null,
    combined: row.method === 'single' ? null : place(measure.of(row.validation)),
  };
}
