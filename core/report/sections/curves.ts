import { SeriesFeed } from '../../runs/series.ts';
import { evenly } from '../chart/ridges.ts';
import type { Cell } from '../chart/table.ts';
import type { CurveColors, RunSeries } from '../curves/lines.ts';
import { lossContent } from '../curves/loss.ts';
import { qualityContent } from '../curves/quality.ts';
import { rateContent } from '../curves/rate.ts';
import { ratioContent } from '../curves/ratio.ts';
import { chartFigure, details, missing, tableOf } from '../figure.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

const COLORS: CurveColors<string> = {
  train: 'var(--train)',
  validation: 'var(--validation)',
  gap: 'var(--gap)',
  good: 'var(--good)',
  weights: (depth) => ramp(depth),
  biases: (depth) => ramp(depth),
  faint: 0.35,
};
const SMOOTHING = 0.9;
const MOST_EPOCHS = 200;
const SIZE = { width: 760, height: 280 };

/** Layers lie on a ramp of one hue. */
export function ramp(depth: number): string {
  return `color-mix(in srgb, var(--first), var(--last) ${Math.round(100 * depth)}%)`;
}

/** How loss, accuracy, update : weight and learning rate went. */
export function curvesSection({ history }: ReportSource): Markup {
  const { epochs, step, started } = history;
  if (step === 0 && epochs.length === 0)
    return markup`<section><h2>Curves</h2>${missing('No step was recorded: there are no curves.')}</section>`;
  const deltas = new SeriesFeed(history, { xAxis: 'epochs', smoothing: SMOOTHING }).deltas();
  const series: RunSeries = new Map(deltas.map((delta) => [delta.id, delta]));
  const ends = [...series.values()].map(({ x }) => x.at(-1) ?? 0);
  const frame = { ...SIZE, axis: 'epochs' as const, max: Math.max(...ends) || 1 };
  const quality = started!.task === 'classification' ? 'Accuracy' : 'R²';
  const charts = [
    { title: 'Loss', content: lossContent(series, COLORS, 'log'), ...frame },
    { title: quality, content: qualityContent(series, COLORS), ...frame },
    { title: 'Update : weight', content: ratioContent(series, COLORS), ...frame },
    { title: 'Learning rate', content: rateContent(series, COLORS), ...frame, height: 200 },
  ].map(({ title, content, ...size }) =>
    content.lines.length > 0
      ? chartFigure(title, content, size)
      : markup`<figure><h3>${title}</h3>${missing('Nothing of it was recorded.')}</figure>`,
  );
  return markup`<section><h2>Curves</h2>
${charts}
${epochs.length > 0 ? epochTable(history) : missing('No epoch was completed.')}</section>`;
}

function epochTable({ epochs }: ReportSource['history']): Markup {
  const last = epochs.length - 1;
  const shown = evenly(last, MOST_EPOCHS).map((i) => epochs[i]!);
  const regression = shown[0]!.train.accuracy === null;
  const quality = regression
    ? ['train R²', 'validation R²']
    : ['train accuracy', 'validation accuracy'];
  const columns = ['epoch', 'step', 'train loss', 'validation loss', ...quality, 'examples/s'];
  const rows = shown.map(({ epoch, step, train, validation, examplesPerSecond }): Cell[] => [
    ...[epoch, step, train.dataLoss, validation?.loss ?? null],
    train.accuracy ?? train.r2,
    validation?.accuracy ?? validation?.r2 ?? null,
    Math.round(examplesPerSecond),
  ]);
  const title =
    shown.length < epochs.length
      ? `${shown.length} of ${epochs.length} epochs, evenly chosen`
      : 'Every epoch';
  return details(title, tableOf({ columns, rows }));
}
