import type { RunEvent, Task } from '../../core/events/run-event.ts';
import type { RunState } from '../../webview/protocol.ts';

/** What the sidebar and the status bar say about a run: one line, kept up to date by its events. */
export interface RunSummary {
  name: string;
  /** The config's file name. */
  config: string;
  task: Task;
  state: RunState;
  /** Wall clock, milliseconds since 1970. */
  startedAt: number;
  /** Completed epochs; a fraction within one. */
  epoch: number;
  epochs: number;
  /** The latest train data loss; NaN before the first step. */
  loss: number;
  /** Of the last epoch with a measurement: accuracy, or R² for regression; NaN where there is none. */
  quality: number;
  /** Train data loss of each completed epoch. */
  losses: number[];
  learningRate: number;
  stepsPerEpoch: number;
  message: string | null;
}

export function emptySummary(name: string, config: string, startedAt: number): RunSummary {
  return {
    name,
    config,
    task: 'classification',
    state: 'preparing',
    startedAt,
    epoch: 0,
    epochs: 0,
    loss: Number.NaN,
    quality: Number.NaN,
    losses: [],
    learningRate: Number.NaN,
    stepsPerEpoch: 0,
    message: null,
  };
}

/** Takes one event in. */
export function summarize(summary: RunSummary, event: RunEvent): void {
  switch (event.type) {
    case 'started':
      summary.name = event.name;
      summary.config = event.config;
      summary.task = event.task;
      summary.startedAt = event.startedAt;
      summary.epochs = event.epochs;
      summary.stepsPerEpoch = event.stepsPerEpoch;
      summary.state = 'training';
      break;
    case 'steps': {
      const last = event.loss.length - 1;
      if (last < 0) break;
      summary.loss = (event.dataLoss ?? event.loss)[last]!;
      summary.learningRate = event.learningRate[last]!;
      if (summary.stepsPerEpoch > 0)
        summary.epoch = (event.firstStep + last) / summary.stepsPerEpoch;
      break;
    }
    case 'epoch': {
      summary.epoch = event.epoch;
      summary.loss = event.train.dataLoss;
      summary.losses.push(event.train.dataLoss);
      const measured = event.validation ?? event.train;
      summary.quality =
        (summary.task === 'classification' ? measured.accuracy : measured.r2) ?? Number.NaN;
      break;
    }
    case 'control':
      if (event.action === 'pause') summary.state = 'paused';
      if (event.action === 'resume') summary.state = 'training';
      if (event.action === 'learningRate') summary.learningRate = event.value ?? Number.NaN;
      break;
    case 'finished':
      summary.state = event.reason;
      summary.message = event.message ?? null;
      if (event.train) summary.loss = event.train.dataLoss;
      break;
    default:
      break;
  }
}

export function isActive(state: RunState): boolean {
  return state === 'preparing' || state === 'training' || state === 'paused';
}
