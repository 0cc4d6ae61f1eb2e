import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { mix } from '../color.ts';
import { exact, quality } from '../format.ts';
import type { Model } from '../store.ts';
import type { Theme } from '../theme.ts';
import { focused, latest, line, otherLines, series } from './lines.ts';

/** Accuracy (or R²) in training and validation; the gap between them is what overfitting looks like. */
export function qualityContent(model: Model, theme: Theme): Content {
  const run = focused(model);
  const train = series(run, 'trainQuality');
  const validation = series(run, 'validationQuality');
  const lines: Line[] = otherLines(model, theme, ['validationQuality', 'trainQuality'], quality);
  const dots = (points: number) => points < 3;
  let note = '';
  let gap: Content['gap'] = null;
  if (train) {
    const label = `train ${quality(latest(train))}`;
    lines.push(line(train.label, train, theme.train, { label, dots: dots(train.x.length) }));
  }
  if (validation) {
    const label = `validation ${quality(latest(validation))}`;
    const few = dots(validation.x.length);
    lines.push(line(validation.label, validation, theme.validation, { label, dots: few, rank: 1 }));
  }
  if (train && validation) {
    const [lower, upper] = lines.slice(-2) as [Line, Line];
    note = `gap ${quality(latest(train) - latest(validation))}`;
    gap = { between: [lower, upper], color: mix(theme.background, theme.validation, 0.16) };
  }
  const found = extent(lines, false);
  // at its best it is 1: the axis ends there
  const range = found && roundBounds(found[0], Math.max(1, found[1]), 6);
  return { lines, scale: 'linear', range, format: exact, note, band: null, gap };
}
