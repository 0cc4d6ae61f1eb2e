import { measuredTensors, STATISTICS } from '../../../core/events/distributions.ts';
import type { Histogram } from '../../../core/events/histogram.ts';
import type {
  ActivityEvent,
  DistributionsEvent,
  EpochEvent,
  FinishedEvent,
  RatiosEvent,
  ResumedEvent,
  StartedEvent,
  StepsEvent,
  WeightsEvent,
} from '../../../core/events/run-event.ts';
import { packHistograms } from '../events/packed.ts';

/** A run of 20 epochs with one dense layer; overridden where a test needs it. */
export function started(change: Partial<StartedEvent> = {}): StartedEvent {
  return {
    type: 'started',
    formatVersion: 1,
    startedAt: Date.UTC(2025, 10, 21, 9, 31, 5),
    name: 'digits',
    config: 'digits.train.yaml',
    task: 'classification',
    plan: {
      inputShape: [8, 8, 1],
      layers: [
        {
          path: ['model', 'layers', 0],
          label: 'dense 1',
          kind: 'dense',
          outputShape: [10],
          parameters: [
            { id: 'model.layers.0.weights', name: 'weights', shape: [64, 10] },
            { id: 'model.layers.0.biases', name: 'biases', shape: [10] },
          ],
        },
      ],
      parameterCount: 650,
      arenaBytes: 65536,
    },
    kernels: 'relaxed-simd',
    threads: 1,
    seed: 1,
    epochs: 20,
    stepsPerEpoch: 10,
    batchSize: 64,
    ...change,
  };
}

/** A step every 10 ms. */
export function steps(
  firstStep: number,
  dataLoss: number[],
  penalty: number | null = null,
): StepsEvent {
  const data = Float64Array.from(dataLoss);
  return {
    type: 'steps',
    firstStep,
    startTime: firstStep * 10,
    endTime: (firstStep + data.length - 1) * 10,
    loss: data.map((value) => value + (penalty ?? 0)),
    dataLoss: penalty === null ? null : data,
    learningRate: data.map(() => 0.1),
  };
}

export function epoch(number: number, change: Partial<EpochEvent> = {}): EpochEvent {
  return {
    type: 'epoch',
    epoch: number,
    step: number * 10,
    time: number * 100,
    train: { loss: 1 / number, dataLoss: 0.9 / number, accuracy: 0.9, rmse: null, r2: null },
    validation: { loss: 1.1 / number, accuracy: 0.8, rmse: null, r2: null },
    examplesPerSecond: 64_000,
    ...change,
  };
}

export function ratios(at: number[], values: number[]): RatiosEvent {
  return { type: 'ratios', steps: Float64Array.from(at), ratios: Float32Array.from(values) };
}

/** Of a run of `started`: every tensor has the values −1, 1 and 1.5. */
export function distributions(
  step: number,
  change: Partial<DistributionsEvent> = {},
  plan = started().plan,
): DistributionsEvent {
  const rows = measuredTensors(plan);
  const one: Histogram = {
    small: 0,
    first: 8 * (127 - 7),
    negative: Uint32Array.from({ length: 57 }, (_, i) => Number(i === 56)),
    positive: Uint32Array.from({ length: 61 }, (_, i) => Number(i === 56 || i === 60)),
  };
  const row = [3, 0, 0, 0.5, 1.08, -1, 1.5, 2.06, 0, Number.NaN];
  return {
    type: 'distributions',
    step,
    epoch: step / 10,
    time: step * 10,
    batch: 'probe',
    statistics: Float64Array.from(rows.flatMap(() => row.slice(0, STATISTICS.length))),
    ...packHistograms(rows.map(() => one)),
    ...change,
  };
}

/** Of a run of `started`: of its 10 units the first three were active never, seldom and always. */
export function activity(step: number, change: Partial<ActivityEvent> = {}): ActivityEvent {
  return {
    type: 'activity',
    step,
    epoch: step / 10,
    time: step * 10,
    layers: Uint32Array.of(0),
    units: Uint32Array.of(10),
    active: Uint8Array.of(0, 1, 255, 51, 51, 51, 51, 51, 51, 0),
    ...change,
  };
}

/** The biases of a run of `started`: 1, -0.5, 0, what is not finite, and 0. */
export function weights(step: number, change: Partial<WeightsEvent> = {}): WeightsEvent {
  return {
    type: 'weights',
    step,
    epoch: step / 10,
    time: step * 10,
    parameter: 1,
    scale: 1,
    codes: Int16Array.of(32767, -16384, 0, -32768, 0, 0, 0, 0, 0, 0),
    ...change,
  };
}

export function finished(change: Partial<FinishedEvent> = {}): FinishedEvent {
  return {
    type: 'finished',
    reason: 'completed',
    epochs: 1,
    step: 10,
    time: 100,
    train: epoch(1).train,
    validation: epoch(1).validation,
    best: null,
    findings: [],
    run: '',
    ...change,
  };
}

export function resumed(change: Partial<ResumedEvent> = {}): ResumedEvent {
  return {
    type: 'resumed',
    resumedAt: Date.UTC(2025, 10, 22),
    checkpoint: 'checkpoints/epoch-001.safetensors',
    epoch: 1,
    step: 10,
    time: 100,
    kernels: 'relaxed-simd',
    threads: 1,
    epochs: 20,
    changes: [],
    train: null,
    validation: null,
    best: null,
    ...change,
  };
}
