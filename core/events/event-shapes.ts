import { STATISTICS } from './distributions.ts';
import type { RunEvent } from './run-event.ts';
import {
  count,
  float32s,
  float64s,
  int16s,
  isPlainObject,
  json,
  key,
  list,
  nullable,
  number,
  oneOf,
  optional,
  path,
  record,
  type Shape,
  string,
  uint8s,
  uint32s,
} from './shape.ts';

const dataPlace = record({
  file: string,
  example: count,
  line: optional(count),
  column: key,
});

const finding = record({
  rule: string,
  severity: oneOf('error', 'warning', 'info'),
  path,
  layer: optional(path),
  data: optional(dataPlace),
  step: optional(number),
  message: string,
  evidence: json,
  fixes: list(record({ title: string, edits: list(record({ path, value: optional(json) })) })),
});

const quality = { accuracy: nullable(number), rmse: nullable(number), r2: nullable(number) };
export const train = record({ loss: number, dataLoss: number, ...quality });
export const validation = record({ loss: number, ...quality });

export const best = nullable(record({ epoch: number, validation }));

const plan = record({
  inputShape: list(count),
  rotation: optional(oneOf('pca', 'whiten')),
  layers: list(
    record({
      path,
      label: string,
      kind: string,
      outputShape: list(count),
      parameters: list(record({ id: string, name: string, shape: list(count) })),
    }),
  ),
  parameterCount: count,
  arenaBytes: number,
});

const stepColumns = record({
  firstStep: count,
  startTime: number,
  endTime: number,
  loss: float64s,
  dataLoss: nullable(float64s),
  learningRate: float64s,
});

/** The columns have one length. */
const steps: Shape = (value, where) => {
  const problem = stepColumns(value, where);
  if (problem || !isPlainObject(value)) return problem;
  const lengths = [value.loss, value.dataLoss ?? value.loss, value.learningRate].map((column) =>
    column instanceof Float64Array ? column.length : 0,
  );
  return lengths.every((length) => length === lengths[0]) ? null : 'the columns differ in length';
};

const distributionColumns = record({
  step: count,
  epoch: number,
  time: number,
  batch: oneOf('probe', 'training'),
  statistics: float64s,
  bins: uint32s,
  counts: uint32s,
});

/** A row of each column for each tensor, and as many counts as the bins say. */
const distributions: Shape = (value, where) => {
  const problem = distributionColumns(value, where);
  if (problem || !isPlainObject(value)) return problem;
  const { statistics, bins, counts } = value;
  if (
    !(statistics instanceof Float64Array) ||
    !(bins instanceof Uint32Array) ||
    !(counts instanceof Uint32Array)
  )
    return null;
  let wanted = 0;
  for (let row = 0; row < bins.length; row += 4)
    wanted += (bins[row + 2] ?? 0) + (bins[row + 3] ?? 0);
  const rows = bins.length / 4;
  return Number.isInteger(rows) &&
    statistics.length === rows * STATISTICS.length &&
    wanted === counts.length
    ? null
    : 'the columns differ in length';
};

const activityColumns = record({
  step: count,
  epoch: number,
  time: number,
  layers: uint32s,
  units: uint32s,
  active: uint8s,
});

/** As many entries as the layers have units. */
const activity: Shape = (value, where) => {
  const problem = activityColumns(value, where);
  if (problem || !isPlainObject(value)) return problem;
  const { layers, units, active } = value;
  if (
    !(layers instanceof Uint32Array) ||
    !(units instanceof Uint32Array) ||
    !(active instanceof Uint8Array)
  )
    return null;
  const fits = layers.length === units.length && units.reduce((a, b) => a + b, 0) === active.length;
  return fits ? null : 'the columns differ in length';
};

const probes = {
  data: record({
    duplicateFeatures: list(list(count)),
    leaked: count,
    validationExamples: count,
  }),
  labels: record({ agreement: number, chance: number, examined: count }),
  neighbours: record({
    score: number,
    apart: number,
    noise: optional(number),
    uneven: optional(number),
    examined: count,
  }),
};
const anyProbe = record({
  probe: oneOf('data', 'labels', 'neighbours'),
  step: count,
  epoch: number,
  time: number,
});
const probe: Shape = (value, where) => {
  const problem = anyProbe(value, where);
  if (problem || !isPlainObject(value)) return problem;
  return probes[value.probe as keyof typeof probes](value, where);
};

/** Each type of event and the shape it must have in a log. */
export const EVENT_SHAPES: { readonly [T in RunEvent['type']]: Shape } = {
  started: record({
    formatVersion: count,
    startedAt: number,
    name: string,
    config: string,
    configText: optional(string),
    task: oneOf('classification', 'regression'),
    plan,
    kernels: string,
    threads: count,
    threadsNote: optional(string),
    seed: number,
    epochs: number,
    stepsPerEpoch: number,
    batchSize: number,
    ema: optional(number),
  }),
  data: record({
    trainExamples: count,
    validationExamples: count,
    classes: nullable(list(string)),
    classCounts: nullable(float64s),
    targetRange: optional(list(number)),
    mean: float64s,
    std: float64s,
    min: float64s,
    max: float64s,
    nonFinite: count,
    firstNonFinite: optional(dataPlace),
  }),
  steps,
  epoch: record({
    epoch: number,
    step: count,
    time: number,
    train,
    validation: nullable(validation),
    examplesPerSecond: number,
  }),
  ratios: record({ steps: float64s, ratios: float32s }),
  distributions,
  activity,
  weights: record({
    step: count,
    epoch: number,
    time: number,
    parameter: count,
    scale: number,
    codes: int16s,
  }),
  probe,
  control: record({
    action: oneOf('pause', 'resume', 'stop', 'learningRate'),
    step: count,
    time: number,
    value: optional(number),
  }),
  finding: record({ finding }),
  withdrawn: record({ rule: string, path }),
  checkpoint: record({
    file: string,
    epoch: count,
    step: count,
    time: number,
    score: nullable(number),
  }),
  resumed: record({
    resumedAt: number,
    checkpoint: string,
    epoch: count,
    step: count,
    time: number,
    kernels: string,
    threads: count,
    threadsNote: optional(string),
    epochs: number,
    configText: optional(string),
    changes: list(record({ path, from: json, to: json })),
    train: nullable(train),
    validation: nullable(validation),
    best,
  }),
  finished: record({
    reason: oneOf('completed', 'diverged', 'stopped', 'failed'),
    epochs: number,
    step: count,
    time: number,
    train: nullable(train),
    validation: nullable(validation),
    best,
    findings: list(finding),
    run: string,
    message: optional(string),
  }),
};
