import type { ConfigPath, DataPlace, Finding, Json } from './finding.ts';

/**
 * Everything that happens in a run, in the order it happened. The live views, the rules, the CLI,
 * the log on disk and a reopened run all read these and nothing else.
 *
 * Units: `time` is milliseconds since the run started; `step` counts completed updates; `epoch`
 * counts completed epochs. Losses are float64; NaN and ±Infinity are ordinary values.
 */
export type RunEvent =
  | StartedEvent
  | DataEvent
  | StepsEvent
  | EpochEvent
  | RatiosEvent
  | DistributionsEvent
  | ActivityEvent
  | WeightsEvent
  | ProbeEvent
  | ControlEvent
  | FindingEvent
  | WithdrawnEvent
  | CheckpointEvent
  | ResumedEvent
  | FinishedEvent;

/** The version of the log's format; its first record, `started`, carries it. */
export const FORMAT_VERSION = 1;

export type Task = 'classification' | 'regression';

/** The build of the kernels: with fused multiply-add (relaxed SIMD) or plain 128-bit SIMD. */
export type KernelVariant = 'relaxed-simd' | 'simd';

export interface StartedEvent {
  type: 'started';
  formatVersion: typeof FORMAT_VERSION;
  /** Wall clock at the start, milliseconds since 1970 (UTC). */
  startedAt: number;
  /** The run's display name: the config's file name without `.train.yaml`. */
  name: string;
  /** The config's file name, e.g. `digits.train.yaml`. */
  config: string;
  /** The config as it was trained; a run made elsewhere may have none, and is judged by less. */
  configText?: string;
  task: Task;
  plan: PlanSummary;
  kernels: KernelVariant;
  threads: number;
  /** Why there are fewer threads than wanted. */
  threadsNote?: string;
  seed: number;
  epochs: number;
  stepsPerEpoch: number;
  batchSize: number;
  /** Validation is done with a running average of the parameters, which has this decay. */
  ema?: number;
}

export interface PlanSummary {
  /** One example, e.g. [8, 8, 1] (height, width, channels) or [2]. */
  inputShape: number[];
  /** What made the inputs principal components: then they have that shape, but no places in it. */
  rotation?: 'pca' | 'whiten';
  layers: LayerSummary[];
  parameterCount: number;
  /** Size of the WebAssembly memory that the run reserves, data included. */
  arenaBytes: number;
}

export interface LayerSummary {
  /** The layer's identity, e.g. ['model', 'layers', 0]. */
  path: ConfigPath;
  /** For display only, e.g. "dense 1", "relu 2": the kind and its ordinal among that kind. */
  label: string;
  kind: string;
  outputShape: number[];
  parameters: ParameterSummary[];
}

/** A parameter set (a tensor that the optimizer updates). */
export interface ParameterSummary {
  /** Stable within the run, e.g. "model.layers.0.weights". */
  id: string;
  name: ParameterName;
  shape: number[];
}

/** `scale` and `shift` are batch normalization's γ and β; `slope` is PReLU's α. */
export type ParameterName = 'weights' | 'biases' | 'scale' | 'shift' | 'slope';

export interface DataEvent {
  type: 'data';
  trainExamples: number;
  validationExamples: number;
  /** Class names in label order; null for regression. */
  classes: string[] | null;
  /** Training examples of each class, in the order of `classes`; null for regression. */
  classCounts: Float64Array | null;
  /** Regression: the least and the largest target of the training part, in the data's own unit. */
  targetRange?: [least: number, largest: number];
  /** Statistics of the raw training inputs, one entry a feature (flattened). */
  mean: Float64Array;
  std: Float64Array;
  min: Float64Array;
  max: Float64Array;
  /** Missing or non-finite input values in the training part. */
  nonFinite: number;
  /** The first of them, where there is one; runs of earlier versions do not tell. */
  firstNonFinite?: DataPlace;
}

/** Columns for `loss.length` consecutive steps; row i is the update number `firstStep + i` (1-based). */
export interface StepsEvent {
  type: 'steps';
  firstStep: number;
  /** When the first and the last of these steps ended. */
  startTime: number;
  endTime: number;
  /** Cost of each step's batch before its update, regularization included. */
  loss: Float64Array;
  /** The same without regularization; null where there is none (it equals `loss`). */
  dataLoss: Float64Array | null;
  learningRate: Float64Array;
}

export interface EpochEvent {
  type: 'epoch';
  /** Completed epochs: 1 after the first. */
  epoch: number;
  step: number;
  time: number;
  train: TrainMetrics;
  validation: ValidationMetrics | null;
  /** Training throughput over this epoch. */
  examplesPerSecond: number;
}

export interface QualityMetrics {
  /** Fraction of 1; null for regression. */
  accuracy: number | null;
  /** Regression only, in the target's own unit; null for classification. */
  rmse: number | null;
  r2: number | null;
}

export interface TrainMetrics extends QualityMetrics {
  /** Mean cost over the epoch's batches, regularization included. */
  loss: number;
  dataLoss: number;
}

export interface ValidationMetrics extends QualityMetrics {
  /** Data loss of the whole set after the epoch, test mode. */
  loss: number;
}

/** ‖update‖ / ‖W‖ of every parameter set, for some steps. */
export interface RatiosEvent {
  type: 'ratios';
  /** The measured steps, ascending. */
  steps: Float64Array;
  /** Row-major [steps.length × P], P in the order of the plan's parameters over all layers. */
  ratios: Float32Array;
}

/**
 * What was measured of the input, of every layer and of every parameter set; the rows are those of
 * `measuredTensors`. Steps are in ascending order; 0 is before the first update.
 */
export interface DistributionsEvent {
  type: 'distributions';
  step: number;
  /** Completed epochs, a fraction within one. */
  epoch: number;
  time: number;
  /**
   * What the activations and all gradients were measured on: the run's probe, the same examples each
   * time and not augmented, or the batch that the step was trained with.
   */
  batch: 'probe' | 'training';
  /** Row-major [rows × STATISTICS.length]. */
  statistics: Float64Array;
  /** Row-major [rows × 4]: small, first, and the numbers of negative and positive bins; see `Histogram`. */
  bins: Uint32Array;
  /** Of each row, the negative and then the positive bins. */
  counts: Uint32Array;
}

/** How often each unit was active in an epoch of training, for the layers that can die (relu). */
export interface ActivityEvent {
  type: 'activity';
  step: number;
  epoch: number;
  time: number;
  /** Indices of the layers in the plan. */
  layers: Uint32Array;
  /** How many units (of an image: channels) each of them has. */
  units: Uint32Array;
  /**
   * For each unit, layer after layer, the share of its values that were above 0, in 255ths and rounded up:
   * 0 is never.
   */
  active: Uint8Array;
}

/** The values of a parameter set at one moment, to be looked at. */
export interface WeightsEvent {
  type: 'weights';
  step: number;
  epoch: number;
  time: number;
  /** Index of the parameter set over all layers. */
  parameter: number;
  /** The largest size among the finite values: value = scale · code / 32767. 0: all are 0. */
  scale: number;
  /** In the order of the parameter's shape; -32768 for what is not finite. */
  codes: Int16Array;
}

/** A fact about the data, measured on request or on suspicion: rules never see the data themselves. */
export type ProbeEvent = { type: 'probe'; step: number; epoch: number; time: number } & Probe;

export type Probe = DataProbe | LabelProbe | NeighbourProbe;

/** What a look at every example tells. */
export interface DataProbe {
  probe: 'data';
  /** Pairs of features (flattened) with the same values throughout the training part; the first few. */
  duplicateFeatures: [number, number][];
  /** Validation examples whose inputs are also in the training part. */
  leaked: number;
  validationExamples: number;
}

/** How well a training example's label is told by those of its nearest neighbours. */
export interface LabelProbe {
  probe: 'labels';
  /** Fraction of the examined ones whose nearest other example has the same label. */
  agreement: number;
  /** What it would be if labels had nothing to do with inputs: Σ p². */
  chance: number;
  examined: number;
}

/**
 * What the nearest training examples say of those that a run is judged on: a level that the data surely allow,
 * found without a network.
 */
export interface NeighbourProbe {
  probe: 'neighbours';
  /** Accuracy of their vote, or R² of their mean. */
  score: number;
  /**
   * Mean squared distance to the nearest one, over that of any two: what of the inputs' variation neighbours do
   * not share. Near 0, what is mixed among neighbours cannot be told apart by its inputs.
   */
  apart: number;
  /** Of numbers, the part of their variance that is left where inputs are the same: no network predicts it. */
  noise?: number;
  /**
   * Of classes, the variance of the share that the leading one has among neighbours, over what it would be if
   * they were mixed alike everywhere: about 1 where labels are wrong at random, more where some classes overlap.
   */
  uneven?: number;
  examined: number;
}

export interface ControlEvent {
  type: 'control';
  action: 'pause' | 'resume' | 'stop' | 'learningRate';
  step: number;
  time: number;
  /** The new learning rate. */
  value?: number;
}

export interface FindingEvent {
  type: 'finding';
  finding: Finding;
}

/** The finding of this rule at this path no longer holds. */
export interface WithdrawnEvent {
  type: 'withdrawn';
  rule: string;
  path: ConfigPath;
}

/** Everything that training needs to go on from this moment is on disk. */
export interface CheckpointEvent {
  type: 'checkpoint';
  /** Relative to the run's folder, with forward slashes. */
  file: string;
  /** Completed epochs; a stop may have come within the next one. */
  epoch: number;
  step: number;
  time: number;
  /** Validation loss; null where it was not measured. */
  score: number | null;
}

/** A key of the config that is not as it was when the run was last trained; null: it is not there. */
export interface ConfigChange {
  path: ConfigPath;
  from: Json;
  to: Json;
}

/**
 * The run goes on from a checkpoint, after it had ended or its process had died. What the log told of
 * later steps and epochs, and of its end, is void: readers forget it.
 */
export interface ResumedEvent {
  type: 'resumed';
  /** Wall clock, milliseconds since 1970 (UTC). `time` goes on from that of the checkpoint. */
  resumedAt: number;
  /** Relative to the run's folder. */
  checkpoint: string;
  epoch: number;
  step: number;
  time: number;
  kernels: KernelVariant;
  threads: number;
  /** Why there are fewer threads than wanted, in a sentence. */
  threadsNote?: string;
  epochs: number;
  /** The config that it goes on with, and what differs from the one before. */
  configText?: string;
  changes: ConfigChange[];
  /** Of the last epoch up to the checkpoint, and the best of these. */
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
  best: FinishedEvent['best'];
}

/**
 * `completed`: all epochs, or an early stop, told in `message`; `diverged`: the cost became NaN or infinite and training was ended;
 * `stopped`: the user's word; `failed`: an error, told in `message`.
 */
export type FinishReason = 'completed' | 'diverged' | 'stopped' | 'failed';

export interface FinishedEvent {
  type: 'finished';
  reason: FinishReason;
  /** Completed epochs. */
  epochs: number;
  step: number;
  time: number;
  /** Metrics of the last completed epoch, or of the part of the first one; null before any step. */
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
  best: { epoch: number; validation: ValidationMetrics } | null;
  /** Findings not withdrawn, static ones included, the one that matters most first. */
  findings: Finding[];
  /** The run's folder; absolute when emitted, empty when nothing was written. */
  run: string;
  message?: string;
}
