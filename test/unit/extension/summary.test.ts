import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { emptySummary, measuredQuality, summarize } from '../../../extension/runs/summary.ts';
import { resumed } from '../runs/events.ts';

const started: RunEvent = {
  type: 'started',
  formatVersion: 1,
  startedAt: 1_000,
  name: 'digits',
  config: 'digits.train.yaml',
  task: 'classification',
  plan: { inputShape: [64], layers: [], parameterCount: 0, arenaBytes: 0 },
  kernels: 'simd',
  threads: 1,
  seed: 1,
  epochs: 2,
  stepsPerEpoch: 4,
  batchSize: 8,
};
const steps = (firstStep: number, loss: number[], dataLoss: number[] | null = null): RunEvent => ({
  type: 'steps',
  firstStep,
  startTime: 0,
  endTime: 1,
  loss: Float64Array.from(loss),
  dataLoss: dataLoss && Float64Array.from(dataLoss),
  learningRate: Float64Array.from(loss, () => 0.01),
});
const quality = { rmse: null, r2: null };
const epoch = (accuracy: number | null): RunEvent => ({
  type: 'epoch',
  epoch: 1,
  step: 4,
  time: 1,
  train: { loss: 1, dataLoss: 0.9, accuracy: 0.5, ...quality },
  validation: accuracy === null ? null : { loss: 0.8, accuracy, ...quality },
  examplesPerSecond: 100,
});
const control = (action: 'pause' | 'resume'): RunEvent => ({
  type: 'control',
  action,
  step: 1,
  time: 1,
});

function summaryOf(...events: RunEvent[]) {
  const summary = emptySummary('?', '?', 0);
  for (const event of events) summarize(summary, event);
  return summary;
}

describe('the summary of a run', () => {
  it('starts from the started event', () => {
    expect(summaryOf(started)).toMatchObject({
      name: 'digits',
      state: 'training',
      epoch: 0,
      epochs: 2,
    });
  });

  it('follows steps within an epoch, and shows the data loss', () => {
    expect(summaryOf(started, steps(1, [3, 2], [2.9, 1.9]))).toMatchObject({
      epoch: 0.5,
      loss: 1.9,
      learningRate: 0.01,
    });
    expect(summaryOf(started, steps(5, [Number.NaN])).loss).toBeNaN();
  });

  it('takes accuracy from validation, and from training where there is none', () => {
    expect(summaryOf(started, epoch(0.7))).toMatchObject({
      epoch: 1,
      validationQuality: 0.7,
      losses: [0.9],
    });
    expect(measuredQuality(summaryOf(started, epoch(0.7)))).toBe(0.7);
    expect(measuredQuality(summaryOf(started, epoch(null)))).toBe(0.5);
  });

  it('pauses, resumes and ends', () => {
    expect(summaryOf(started, control('pause')).state).toBe('paused');
    expect(summaryOf(started, control('pause'), control('resume')).state).toBe('training');
    const finished: RunEvent = {
      type: 'finished',
      reason: 'diverged',
      epochs: 0,
      step: 3,
      time: 1,
      train: null,
      validation: null,
      best: null,
      findings: [],
      run: '',
      message: 'the cost became NaN at step 3',
    };
    expect(summaryOf(started, finished)).toMatchObject({
      state: 'diverged',
      message: 'the cost became NaN at step 3',
    });
  });

  it('goes on from a checkpoint as if what came after it had not been', () => {
    const end: RunEvent = { ...started, startedAt: 2_000 };
    const later = { ...epoch(0.1), epoch: 2, step: 8 } as RunEvent;
    const summary = summaryOf(
      started,
      steps(1, [4, 3, 2, 1]),
      epoch(0.7),
      steps(5, [9, 9]),
      later,
      resumed({
        epoch: 1,
        step: 4,
        epochs: 5,
        train: { loss: 1, dataLoss: 0.9, accuracy: 0.5, ...quality },
      }),
    );
    expect(summary).toMatchObject({
      state: 'training',
      epoch: 1,
      epochs: 5,
      step: 4,
      loss: 0.9,
      losses: [0.9],
      trainQuality: 0.5,
    });
    expect(summary.validationQuality).toBeNaN();
    // A log that is followed from its beginning once more.
    summarize(summary, end);
    expect(summary.losses).toEqual([]);
  });
});
