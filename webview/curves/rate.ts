import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { exact, rate } from '../format.ts';
import type { Model } from '../store.ts';
import type { Theme } from '../theme.ts';
import { focused, latest, line, otherLines, series } from './lines.ts';

/** The learning rate of each step: schedule, warmup and live changes. */
export function rateContent(model: Model, theme: Theme): Content {
  const own = series(focused(model), 'learningRate');
  const lines: Line[] = otherLines(model, theme, ['learningRate'], rate);
  if (own) lines.push(line(own.label, own, theme.train, { label: rate(latest(own)) }));
  const found = extent(lines, false);
  const range = found && roundBounds(Math.min(0, found[0]), found[1], 4);
  return { lines, scale: 'linear', range, format: exact, note: '', band: null, gap: null };
}
