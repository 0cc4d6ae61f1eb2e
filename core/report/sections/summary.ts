import type { TrainMetrics, ValidationMetrics } from '../../events/run-event.ts';
import { facts } from '../figure.ts';
import { brief, count, duration, quality, speed } from '../format.ts';
import { type Markup, markup } from '../markup.ts';
import type { ReportSource } from '../source.ts';

/** What is known of the run in one look, and what went wrong with it. */
export function summarySection({ history, damage }: ReportSource): Markup {
  const { started, state, epochs, step, epoch, finished, time } = history;
  const last = epochs.at(-1);
  const train = last?.train ?? finished?.train ?? null;
  const validation = last?.validation ?? finished?.validation ?? null;
  const best = bestOf(history.epochs);
  const total = started!.epochs;
  const done = Number.isInteger(epoch) ? count(epoch) : epoch.toFixed(1);
  const entries: [string, string][] = [
    ['state', state],
    ['epochs', `${done} of ${count(total)}`],
    ['steps', count(step)],
    ['took', duration(time / 1000)],
    ['train loss', train ? brief(train.dataLoss) : '–'],
    ['validation loss', validation ? brief(validation.loss) : '–'],
    ...qualityOf('train', train),
    ...qualityOf('validation', validation),
    ...(best ? [['best', best] as [string, string]] : []),
    ...(last ? [['examples/s', speed(last.examplesPerSecond)] as [string, string]] : []),
  ];
  const notes = [damage, finished?.message ?? null, unfinished(state)].filter(
    (note) => note !== null,
  );
  return markup`${notes.map((note) => markup`<p class="notice">${note}</p>`)}
<section class="summary">${facts(entries)}</section>`;
}

function qualityOf(
  part: string,
  metrics: TrainMetrics | ValidationMetrics | null,
): [string, string][] {
  if (!metrics) return [];
  const { accuracy, r2, rmse } = metrics;
  const all: [string, string | null][] = [
    ['accuracy', accuracy === null ? null : quality(accuracy)],
    ['R²', r2 === null ? null : quality(r2)],
    ['RMSE', rmse === null ? null : brief(rmse)],
  ];
  return all.flatMap(([name, value]) => (value === null ? [] : [[`${part} ${name}`, value]]));
}

/** By validation loss. */
function bestOf(epochs: ReportSource['history']['epochs']): string | null {
  let best: { epoch: number; loss: number } | null = null;
  for (const { epoch, validation } of epochs)
    if (
      validation &&
      Number.isFinite(validation.loss) &&
      validation.loss < (best?.loss ?? Infinity)
    )
      best = { epoch, loss: validation.loss };
  return best && `validation loss ${brief(best.loss)} at epoch ${count(best.epoch)}`;
}

function unfinished(state: ReportSource['history']['state']): string | null {
  if (state === 'interrupted')
    return 'The log ends before the run did: what came after it is not here.';
  if (state === 'training' || state === 'paused')
    return 'The run still goes on: this is what was known when the report was written.';
  return null;
}
