import { line, seriesOf } from '../../core/report/curves/lines.ts';
import { statisticsOf } from '../../core/sweep/seeds.ts';
import type { Gap, Line } from '../chart/content.ts';
import type { Color } from '../color.ts';
import type { SeriesId } from '../protocol.ts';
import { type Model, type Run, shownRuns } from '../store.ts';

/** `train --seeds` names its runs so, and the time follows. */
const SEEDED = /^(.+) seed (\d+) · /;

/** The shown runs that differ from the focused one by their seed alone, with it; none where it is alone. */
export function seedRuns(model: Model): Run[] {
  const named = (run: Run | undefined) => SEEDED.exec(run?.header.name ?? '');
  const name = named(model.runs.get(model.focus))?.[1];
  if (name === undefined) return [];
  // Of a seed that was trained several times the latest, or the one in focus.
  const bySeed = new Map<string, Run>();
  // Newest first, but the focused one is the last of them.
  const shown = shownRuns(model);
  for (const run of [...shown.slice(-1), ...shown.slice(0, -1)]) {
    const [, of, seed] = named(run) ?? [];
    if (of === name && seed !== undefined && !bySeed.has(seed)) bySeed.set(seed, run);
  }
  return bySeed.size > 1 ? [...bySeed.values()] : [];
}

export interface SpreadColors {
  line: Color;
  /** Between mean − deviation and mean + deviation. */
  between: Color;
  /** Of the lines at its edges, 0 … 1. */
  edge: number;
}

export interface Spread {
  lines: Line[];
  gaps: Gap[];
}

/**
 * Mean and deviation over runs, of the first of these series that all of them have: as far as they have points at
 * the same places, so that over time there is nothing to show.
 */
export function spreadOf(
  runs: readonly Run[],
  ids: readonly SeriesId[],
  colors: SpreadColors,
  text: (value: number) => string,
): Spread {
  const id = ids.find((one) => runs.every((run) => seriesOf(run.series, one)));
  const all = id ? runs.map((run) => run.series.get(id)!) : [];
  const [first] = all;
  if (!first || all.length < 2) return { lines: [], gaps: [] };
  const shortest = Math.min(...all.map(({ x }) => x.length));
  let points = 0;
  while (points < shortest && all.every(({ x }) => x[points] === first.x[points])) points++;
  if (points < 2) return { lines: [], gaps: [] };
  const x = first.x.subarray(0, points);
  const [mean, low, high] = [0, 1, 2].map(() => new Float64Array(points)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < points; i++) {
    const found = statisticsOf(all.map(({ y }) => y[i]!))!;
    mean[i] = found.mean;
    low[i] = found.mean - found.deviation;
    high[i] = found.mean + found.deviation;
  }
  const of = `of ${all.length} seeds`;
  const deviation = text(high[points - 1]! - mean[points - 1]!);
  const edge = { width: 0.8, opacity: colors.edge };
  const lower = line(`${first.label}, mean − deviation ${of}`, { x, y: low }, colors.line, edge);
  const upper = line(`${first.label}, mean + deviation ${of}`, { x, y: high }, colors.line, edge);
  const middle = line(`${first.label}, mean ${of}`, { x, y: mean }, colors.line, {
    width: 1.4,
    dash: [6, 3],
    label: `mean ${of} ${text(mean[points - 1]!)} ± ${deviation}`,
    rank: 4,
  });
  const gap = { between: [lower, upper] as const, color: colors.between };
  return { lines: [lower, upper, middle], gaps: [gap] };
}
