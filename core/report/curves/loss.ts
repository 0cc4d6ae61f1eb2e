import { type Content, extent, type Line } from '../chart/content.ts';
import { roundBounds } from '../chart/ticks.ts';
import { brief, exact } from '../format.ts';
import { type CurveColors, latest, line, type RunSeries, seriesOf } from './lines.ts';

/** Loss of each batch (faint), smoothed, and of each epoch in training and validation; `others` behind it. */
export function lossContent<Color>(
  run: RunSeries,
  colors: CurveColors<Color>,
  scale: Content['scale'],
  others: readonly Line<Color>[] = [],
): Content<Color> {
  const batch = seriesOf(run, 'batchLoss');
  const smooth = seriesOf(run, 'smoothLoss');
  const train = seriesOf(run, 'trainLoss');
  const validation = seriesOf(run, 'validationLoss');
  const lines = [...others];
  if (batch) {
    const faint = { width: 0.8, opacity: colors.faint, rank: 3, alarm: 'loss' };
    lines.push(line(batch.label, batch, colors.train, faint));
  }
  if (smooth) {
    const label = `train ${brief(latest(smooth))}`;
    lines.push(line(smooth.label, smooth, colors.train, { label }));
  }
  if (train) {
    // beside the smoothed line, the means of the epochs are dots
    const label = smooth ? null : `train ${brief(latest(train))}`;
    const alarm = 'train loss';
    lines.push(
      line(train.label, train, colors.train, {
        dots: true,
        joined: !smooth,
        label,
        rank: 1,
        alarm,
      }),
    );
  }
  if (validation) {
    const label = `validation ${brief(latest(validation))}`;
    const alarm = 'validation loss';
    lines.push(
      line(validation.label, validation, colors.validation, { dots: true, label, rank: 2, alarm }),
    );
  }
  const range = rangeOf(lines, scale);
  return { lines, scale, range, format: exact, note: '', band: null, gaps: [] };
}

function rangeOf<Color>(lines: Line<Color>[], scale: Content['scale']): [number, number] | null {
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
