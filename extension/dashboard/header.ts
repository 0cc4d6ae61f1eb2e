import { HEADER_NUMBERS, type HeaderNumber, type RunHeader } from '../../webview/protocol.ts';
import type { Run } from '../runs/run.ts';
import { secondsLeft } from '../runs/summary.ts';
import { formatTime, qualityName, titleOf } from '../sidebar/runs.ts';

/** The dashboard's line of numbers for a run. */
export function runHeader(run: Run, reading: boolean): RunHeader {
  const { summary } = run;
  // Of a log that cannot be read, nothing is known.
  const isLost = summary.damage?.whole === true;
  const numbers: { [N in HeaderNumber]: number } = {
    epoch: summary.epoch,
    epochs: summary.epochs,
    step: summary.step,
    loss: summary.loss,
    validationLoss: summary.validationLoss,
    trainQuality: summary.trainQuality,
    validationQuality: summary.validationQuality,
    learningRate: summary.learningRate,
    examplesPerSecond: summary.examplesPerSecond,
    secondsLeft: run.active ? secondsLeft(summary) : Number.NaN,
    elapsedSeconds: summary.time / 1000,
    startedAt: summary.startedAt,
  };
  return {
    id: run.id,
    name: `${summary.name} · ${formatTime(summary.startedAt)}`,
    state: summary.state,
    quality: qualityName(run),
    message: summary.message,
    damage: summary.damage,
    judged: summary.configText !== null,
    reading,
    findings: summary.findings.map(({ rule, severity, path, step, message, fixes }) => ({
      rule,
      title: titleOf(rule),
      severity,
      path,
      step: step ?? null,
      message,
      fixes: fixes.map(({ title }) => title),
    })),
    numbers: Float64Array.from(HEADER_NUMBERS, (name) =>
      isLost && name !== 'startedAt' ? Number.NaN : numbers[name],
    ),
  };
}
