import { measuredTensors, STATISTICS } from '../../core/events/distributions.ts';
import { binEdge, HistogramColumns } from '../../core/events/histogram.ts';
import type {
  DistributionsEvent,
  StartedEvent,
  StepsEvent,
  TrainMetrics,
} from '../../core/events/run-event.ts';
import { RunLogWriter } from '../../core/runs/index.ts';

/** A finished run, as a training of 784-128-10 with L2 would have left it. */
export interface WrittenRun {
  name: string;
  startedAt: number;
  epochs: number;
  stepsPerEpoch: number;
  /** Pairs of a dense layer and tanh between, each measured at every epoch's end; 0: nothing is measured. */
  measuredPairs?: number;
}

/** As many as a tenth of a second of this training takes: a record is closed that often. */
const STEPS_A_RECORD = 250;
/** As the session measures them. */
const RATIOS_AN_EPOCH = 50;
const MILLISECONDS_A_STEP = 0.4;

/** Writes the run with the writer that a training uses; returns its folder. */
export function writeRun(runsFolder: string, run: WrittenRun): string {
  const log = new RunLogWriter(runsFolder, 'data: { source: images.idx }\nmodel: { layers: [] }\n');
  const { epochs, stepsPerEpoch } = run;
  const total = epochs * stepsPerEpoch;
  const start = started(run);
  log.append(start);
  let metrics = metricsAt(1);
  const tensors = run.measuredPairs ? measuredTensors(start.plan).length : 0;
  const sets = start.plan.layers.flatMap(({ parameters }) => parameters).length;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const end = epoch * stepsPerEpoch;
    for (let first = end - stepsPerEpoch + 1; first <= end; first += STEPS_A_RECORD)
      log.append(steps(first, Math.min(STEPS_A_RECORD, end - first + 1)));
    const every = Math.max(1, Math.round(stepsPerEpoch / RATIOS_AN_EPOCH));
    const rows = Math.floor(stepsPerEpoch / every);
    const at = Float64Array.from({ length: rows }, (_, i) => end - stepsPerEpoch + (i + 1) * every);
    const ratios = Float32Array.from({ length: rows * sets }, () => 1e-3 * (0.5 + Math.random()));
    log.append({ type: 'ratios', steps: at, ratios });
    metrics = metricsAt(end);
    const time = end * MILLISECONDS_A_STEP;
    const { loss: _, dataLoss, ...quality } = metrics;
    const validation = { loss: dataLoss * 1.1, ...quality };
    log.append({
      type: 'epoch',
      ...{ epoch, step: end, time, train: metrics, validation, examplesPerSecond: 160_000 },
    });
    if (tensors > 0) log.append(distributions(tensors, { step: end, epoch, time }));
  }
  log.append({
    type: 'finished',
    reason: 'completed',
    ...{ epochs, step: total, time: total * MILLISECONDS_A_STEP },
    ...{ train: metrics, validation: null, best: null, findings: [], run: log.folder },
  });
  log.close();
  return log.folder;
}

function started({
  name,
  startedAt,
  epochs,
  stepsPerEpoch,
  measuredPairs = 0,
}: WrittenRun): StartedEvent {
  const widths = [784, ...Array<number>(1 + measuredPairs).fill(128), 10];
  const layers = widths.slice(1).flatMap((units, i) => {
    const path = ['model', 'layers', 2 * i];
    const id = path.join('.');
    const weights = { id: `${id}.weights`, name: 'weights' as const, shape: [widths[i]!, units] };
    const biases = { id: `${id}.biases`, name: 'biases' as const, shape: [units] };
    const dense = { path, label: `dense ${i + 1}`, kind: 'dense', outputShape: [units] };
    const next = ['model', 'layers', 2 * i + 1];
    const tanh = { path: next, label: `tanh ${i + 1}`, kind: 'tanh', outputShape: [units] };
    const last = i === widths.length - 2;
    return [
      { ...dense, parameters: [weights, biases] },
      ...(last ? [] : [{ ...tanh, parameters: [] }]),
    ];
  });
  return {
    type: 'started',
    formatVersion: 1,
    ...{ startedAt, name, config: `${name}.train.yaml`, task: 'classification' },
    plan: {
      inputShape: [28, 28, 1],
      layers,
      ...{ parameterCount: 101_770, arenaBytes: 64 * 2 ** 20 },
    },
    ...{ kernels: 'relaxed-simd', threads: 1, seed: 1, epochs, stepsPerEpoch, batchSize: 64 },
  };
}

/** Bell curves that grow narrower: as many bins as such values have. */
function distributions(
  tensors: number,
  at: { step: number; epoch: number; time: number },
): DistributionsEvent {
  const columns = new HistogramColumns(tensors);
  const statistics = new Float64Array(tensors * STATISTICS.length);
  const COUNT = 8192;
  for (let row = 0; row < tensors; row++) {
    const std = (0.2 + (row % 7) / 7) / Math.sqrt(at.epoch);
    const extreme = 3.7 * std;
    columns.add({ count: COUNT, min: -extreme, max: extreme }, (counts, first) => {
      for (const i of counts.keys()) {
        const [from, to] = [binEdge(first + i), binEdge(first + i + 1)];
        const density = Math.exp(-(((from + to) / 2 / std) ** 2) / 2) / (std * 2.507);
        counts[i] = Math.round(COUNT * (to - from) * density);
      }
    });
    const norm = std * Math.sqrt(COUNT);
    statistics.set(
      [COUNT, 0, 0, 0, std, -extreme, extreme, norm, 0, 0.05],
      row * STATISTICS.length,
    );
  }
  return { type: 'distributions', ...at, batch: 'probe', statistics, ...columns.take() };
}

/** Falls as 1/√step, with noise and now and then a spike. */
function lossAt(step: number): number {
  const spike = Math.random() < 1e-4 ? 2 : 0;
  return 2.3 / Math.sqrt(1 + step / 200) + 0.05 * Math.random() + spike;
}

function steps(firstStep: number, count: number): StepsEvent {
  const dataLoss = Float64Array.from({ length: count }, (_, i) => lossAt(firstStep + i));
  return {
    type: 'steps',
    firstStep,
    startTime: firstStep * MILLISECONDS_A_STEP,
    endTime: (firstStep + count - 1) * MILLISECONDS_A_STEP,
    loss: dataLoss.map((loss) => loss + 0.01),
    dataLoss,
    learningRate: new Float64Array(count).fill(0.01),
  };
}

function metricsAt(step: number): TrainMetrics {
  const dataLoss = lossAt(step);
  return { loss: dataLoss + 0.01, dataLoss, accuracy: Math.exp(-dataLoss), rmse: null, r2: null };
}
