import type { Finding } from '../../core/events/finding.ts';
import type {
  ResumedEvent,
  RunEvent,
  Task,
  TrainMetrics,
  ValidationMetrics,
} from '../../core/events/run-event.ts';
import type { LogDamage, RunState } from '../../webview/protocol.ts';

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
  /** Of the last epoch: accuracy, or R² for regression; NaN where there is none. */
  trainQuality: number;
  validationQuality: number;
  validationLoss: number;
  /** Train data loss of each completed epoch. */
  losses: number[];
  learningRate: number;
  /** Completed updates. */
  step: number;
  stepsPerEpoch: number;
  /** Milliseconds from the start to the latest event. */
  time: number;
  examplesPerSecond: number;
  /** Why it failed or diverged, in a sentence. */
  message: string | null;
  damage: LogDamage | null;
  /** The config that it is trained with; null where it does not tell. */
  configText: string | null;
  /** What was found and not withdrawn. */
  findings: Finding[];
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
    trainQuality: Number.NaN,
    validationQuality: Number.NaN,
    validationLoss: Number.NaN,
    losses: [],
    learningRate: Number.NaN,
    step: 0,
    stepsPerEpoch: 0,
    time: 0,
    examplesPerSecond: Number.NaN,
    message: null,
    damage: null,
    configText: null,
    findings: [],
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
      summary.losses = [];
      summary.configText = event.configText ?? null;
      break;
    case 'resumed':
      goOn(summary, event);
      break;
    case 'steps': {
      const last = event.loss.length - 1;
      if (last < 0) break;
      summary.loss = (event.dataLoss ?? event.loss)[last]!;
      summary.learningRate = event.learningRate[last]!;
      summary.step = event.firstStep + last;
      summary.time = event.endTime;
      if (summary.stepsPerEpoch > 0) summary.epoch = summary.step / summary.stepsPerEpoch;
      break;
    }
    case 'epoch': {
      const { train, validation } = event;
      summary.epoch = event.epoch;
      summary.time = event.time;
      summary.loss = train.dataLoss;
      summary.losses.push(train.dataLoss);
      summary.trainQuality = qualityOf(summary.task, train);
      summary.validationQuality = qualityOf(summary.task, validation);
      summary.validationLoss = validation?.loss ?? Number.NaN;
      summary.examplesPerSecond = event.examplesPerSecond;
      break;
    }
    case 'control':
      if (event.action === 'pause') summary.state = 'paused';
      if (event.action === 'resume') summary.state = 'training';
      if (event.action === 'learningRate') summary.learningRate = event.value ?? Number.NaN;
      break;
    case 'finding':
      summary.findings = [...without(summary.findings, event.finding), event.finding];
      break;
    case 'withdrawn':
      summary.findings = without(summary.findings, event);
      break;
    case 'finished':
      summary.findings = event.findings;
      summary.state = event.reason;
      summary.message = event.message ?? null;
      summary.time = event.time;
      if (event.train) summary.loss = event.train.dataLoss;
      break;
    default:
      break;
  }
}

function without(
  findings: readonly Finding[],
  { rule, path }: Pick<Finding, 'rule' | 'path'>,
): Finding[] {
  return findings.filter((other) => other.rule !== rule || other.path.join() !== path.join());
}

/** From the checkpoint on: what came after it is forgotten. */
function goOn(summary: RunSummary, event: ResumedEvent): void {
  const { epoch, epochs, step, time, train, validation } = event;
  summary.state = 'training';
  summary.message = null;
  summary.damage = null;
  summary.findings = [];
  summary.configText = event.configText ?? summary.configText;
  summary.epochs = epochs;
  summary.step = step;
  summary.epoch = summary.stepsPerEpoch > 0 ? step / summary.stepsPerEpoch : epoch;
  summary.time = time;
  summary.losses = summary.losses.slice(0, epoch);
  summary.loss = train?.dataLoss ?? Number.NaN;
  summary.trainQuality = qualityOf(summary.task, train);
  summary.validationQuality = qualityOf(summary.task, validation);
  summary.validationLoss = validation?.loss ?? Number.NaN;
}

function qualityOf(task: Task, metrics: TrainMetrics | ValidationMetrics | null): number {
  const value = task === 'classification' ? metrics?.accuracy : metrics?.r2;
  return value ?? Number.NaN;
}

/** On validation data, or on training data where there is none. */
export function measuredQuality(summary: RunSummary): number {
  return Number.isNaN(summary.validationQuality) ? summary.trainQuality : summary.validationQuality;
}

/** At the speed so far; NaN before anything is done. */
export function secondsLeft({ epoch, epochs, time }: RunSummary): number {
  return epoch > 0 ? ((epochs - epoch) / epoch) * (time / 1000) : Number.NaN;
}

export function isActive(state: RunState): boolean {
  return state === 'preparing' || state === 'training' || state === 'paused';
}
