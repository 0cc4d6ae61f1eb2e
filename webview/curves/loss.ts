import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { brief, exact } from '../format.ts';
import type { Model } from '../store.ts';
import type { Theme } from '../theme.ts';
import { focused, latest, line, otherLines, series } from './lines.ts';

/** Loss of each batch (faint), smoothed, and of each epoch in training and validation. */
export function lossContent(model: Model, theme: Theme): Content {
  const run = focused(model);
  const batch = series(run, 'batchLoss');
  const smooth = series(run, 'smoothLoss');
  const train = series(run, 'trainLoss');
  const validation = series(run, 'validationLoss');
  const lines: Line[] = otherLines(
    model,
    theme,
    ['validationLoss', 'smoothLoss', 'trainLoss'],
    brief,
  );
  if (batch) {
    const faint = { width: 0.8, opacity: theme.highContrast ? 0.5 : 0.32, rank: 3, alarm: 'loss' };
    lines.push(line(batch.label, batch, theme.train, faint));
  }
  if (smooth) {
    const label = `train ${brief(latest(smooth))}`;
    lines.push(line(smooth.label, smooth, theme.train, { label }));
  }
  if (train) {
    // beside the smoothed line, the means of the epochs are dots
    const label = smooth ? null : `train ${brief(latest(train))}`;
    const alarm = 'train loss';
    lines.push(
      line(train.label, train, theme.train, { dots: true, joined: !smooth, label, rank: 1, alarm }),
    );
  }
  if (validation) {
    const label = `validation ${brief(latest(validation))}`;
    const alarm = 'validation loss';
    lines.push(
      line(validation.label, validation, theme.validation, { dots: true, label, rank: 2, alarm }),
    );
  }
  const scale = model.settings.logLoss ? 'log' : 'linear';
  return {
    lines,
    scale,
    range: range(lines, scale),
    format: exact,
    note: '',
    band: null,
    gap: null,
  };
}

export function range(lines: Line[], scale: 'log' | 'linear'): [number, number] | null {
  const found = extent(lines, scale === 'log');
  if (!found) return null;
  const [min, max] = found;
  // a little air, in steps of a twentieth of a decade so that the axis does not tremble
  if (scale === 'log') return [stepDown(min / 1.1), stepUp(max * 1.1)];
  return roundBounds(Math.min(0, min), max, 6);
}

const STEPS = 20;
const stepDown = (value: number) => 10 ** (Math.floor(Math.log10(value) * STEPS) / STEPS);
const stepUp = (value: number) => 10 ** (Math.ceil(Math.log10(value) * STEPS) / STEPS);
