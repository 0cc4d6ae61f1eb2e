import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { exact, quality } from '../format.ts';
import { type CurveColors, latest, line, type RunSeries, seriesOf } from './lines.ts';

/** Accuracy (or R²) in training and validation; the gap between them is what overfitting looks like. */
export function qualityContent<Color>(
  run: RunSeries,
  colors: CurveColors<Color>,
  others: readonly Line<Color>[] = [],
): Content<Color> {
  const train = seriesOf(run, 'trainQuality');
  const validation = seriesOf(run, 'validationQuality');
  const lines = [...others];
  const dots = (points: number) => points < 3;
  let note = '';
  let gaps: Content<Color>['gaps'] = [];
  if (train) {
    const label = `train ${quality(latest(train))}`;
    lines.push(line(train.label, train, colors.train, { label, dots: dots(train.x.length) }));
  }
  if (validation) {
    const label = `validation ${quality(latest(validation))}`;
    const few = dots(validation.x.length);
    lines.push(
      line(validation.label, validation, colors.validation, { label, dots: few, rank: 1 }),
    );
  }
  if (train && validation) {
    const [lower, upper] = lines.slice(-2) as [Line<Color>, Line<Color>];
    note = `gap ${quality(latest(train) - latest(validation))}`;
    gaps = [{ between: [lower, upper], color: colors.gap }];
  }
  const found = extent(lines, false);
  // at its best it is 1: the axis ends there
  const range = found && roundBounds(found[0], Math.max(1, found[1]), 6);
  return { lines, scale: 'linear', range, format: exact, note, band: null, gaps };
}
