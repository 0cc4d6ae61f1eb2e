import type { CurveColors, RunSeries } from '../../core/report/curves/lines.ts';
import { latest, line, seriesOf } from '../../core/report/curves/lines.ts';
import type { Line } from '../chart/content.ts';
import { type Color, mix } from '../color.ts';
import { shortName } from '../format.ts';
import type { SeriesId } from '../protocol.ts';
import { type Model, type Run, runIds, shownRuns } from '../store.ts';
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

/** The colors of the focused run's curves. */
export function curveColors(theme: Theme): CurveColors<Color> {
  const { train, validation, background, good, layers, highContrast } = theme;
  const ofLayer = (depth: number) => mix(layers[0], layers[1], depth);
  return {
    train,
    validation,
    good,
    gap: mix(background, validation, 0.16),
    weights: ofLayer,
    biases: (depth) => mix(ofLayer(depth), background, 0.45),
    faint: highContrast ? 0.5 : 0.32,
  };
}

/** The curves of the focused run; none while they are hidden. */
export function focusedSeries(model: Model): RunSeries {
  const run = shownRuns(model).find(({ header }) => header.id === model.focus);
  return run?.series ?? new Map();
}

/**
 * One line for each other shown run: of the first of these series that has two points or more. Those that are told
 * `together` have none.
 */
export function otherLines(
  model: Model,
  theme: Theme,
  ids: readonly SeriesId[],
  text: (value: number) => string,
  together: readonly Run[] = [],
): Line[] {
  return shownRuns(model).flatMap((run, i) => {
    if (run.header.id === model.focus || together.includes(run)) return [];
    const found = ids.map((id) => seriesOf(run.series, id)).find((s) => s && s.x.length > 1);
    if (!found) return [];
    const { color, width, dash } = otherStyle(model, run.header.id, theme);
    const name = `${shortName(run.header.name)} ${found.label}`;
    const label = `${shortName(run.header.name)} ${text(latest(found))}`;
    return [line(name, found, color, { width, dash, label, rank: 10 + i })];
  });
}
