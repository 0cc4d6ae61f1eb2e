import type { Line } from '../chart/content.ts';
import type { Color } from '../color.ts';
import { shortName } from '../format.ts';
import type { SeriesId } from '../protocol.ts';
import { type Model, type Run, runIds, type Series, shownRuns } from '../store.ts';
import type { Theme } from '../theme.ts';

/** Other runs are told apart by their dashes, and by their labels. */
const DASHES = [
  [3, 3],
  [7, 3],
  [1, 3],
  [7, 3, 1, 3],
] as const;

/** How a run's curve is drawn while another run has the focus. */
export function otherStyle(model: Model, id: string, theme: Theme) {
  const order = runIds(model).reverse().indexOf(id);
  return { color: theme.other, width: 1.2, dash: DASHES[order % DASHES.length]! };
}

/** A plain line; `changes` make it what it is to be. */
export function line(name: string, series: Series, color: Color, changes: Partial<Line>): Line {
  return {
    name,
    x: series.x,
    y: series.y,
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
export function series(run: Run | undefined, id: SeriesId): Series | null {
  const found = run?.series.get(id);
  return found?.x.length ? found : null;
}

/** The last value, be it NaN. */
export const latest = (of: Series): number => of.y.at(-1) ?? Number.NaN;

/** The focused run, unless its curves are hidden. */
export const focused = (model: Model): Run | undefined =>
  shownRuns(model).find((run) => run.header.id === model.focus);

/** One line for each other shown run: of the first of these series that has two points or more. */
export function otherLines(
  model: Model,
  theme: Theme,
  ids: readonly SeriesId[],
  text: (value: number) => string,
): Line[] {
  return shownRuns(model).flatMap((run, i) => {
    if (run.header.id === model.focus) return [];
    const found = ids.map((id) => series(run, id)).find((s) => s && s.x.length > 1);
    if (!found) return [];
    const { color, width, dash } = otherStyle(model, run.header.id, theme);
    const name = `${shortName(run.header.name)} ${found.label}`;
    const label = `${shortName(run.header.name)} ${text(latest(found))}`;
    return [line(name, found, color, { width, dash, label, rank: 10 + i })];
  });
}
