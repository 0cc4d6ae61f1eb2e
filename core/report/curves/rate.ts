import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { exact, rate } from '../format.ts';
import { type CurveColors, latest, line, type RunSeries, seriesOf } from './lines.ts';

/** The learning rate of each step: schedule, warmup and live changes. */
export function rateContent<Color>(
  run: RunSeries,
  { train }: CurveColors<Color>,
  others: readonly Line<Color>[] = [],
): Content<Color> {
  const own = seriesOf(run, 'learningRate');
  const lines = [...others];
  if (own) lines.push(line(own.label, own, train, { label: rate(latest(own)) }));
  const found = extent(lines, false);
  const range = found && roundBounds(Math.min(0, found[0]), found[1], 4);
  return { lines, scale: 'linear', range, format: exact, note: '', band: null, gaps: [] };
}
