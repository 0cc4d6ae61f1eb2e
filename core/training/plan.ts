import { type Config, defaultLoss, type LossConfig } from '../config/index.ts';
import type { Dataset, ExampleStore, Examples } from '../data/dataset.ts';
import { wholeRange } from '../data/preprocess.ts';
import type { PlanSummary } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import type { Offset } from '../kernels/kernels.ts';
import { sizeOf } from '../network/layers/layer.ts';
import { ArenaLayout } from '../network/layout.ts';
import { needsTargets } from '../network/losses/loss.ts';
import { type NetworkPlan, planNetwork } from '../network/network.ts';
import { elementParts } from '../network/op.ts';
import { PRODUCT_SCRATCH_BYTES } from '../network/product.ts';
import { inferShapes, outputMismatch } from '../network/shapes.ts';
import { augmentationBytes, type ImageFrame } from './augmentation.ts';
import { weightsOfClasses } from './class-weights.ts';
import { clipBytes } from './clipping.ts';
import {
  MEASURE_SCRATCH_BYTES,
  type PlannedInspection,
  planInspection,
} from './measuring/places.ts';
import { fittingPairs, type LbfgsPlan, planLbfgs } from './optimizers/lbfgs.ts';
import { stateTensors } from './optimizers/optimizer.ts';
import { NORMS } from './optimizers/trained.ts';

/** A WebAssembly memory has 32-bit addresses. */
const MAX_ARENA_BYTES = 4 * 2 ** 30;
/** Evaluation works in passes of at least this many examples, however small the batches are. */
const MIN_CAPACITY = 128;

/** A store's places in the arena. */
export interface PlannedStore {
  /** Whether inputs are bytes; else they are floats. */
  bytes: boolean;
  inputs: Offset;
  /** Labels (int32) or targets (float32). */
  answers: Offset;
}

/** A part of the data: its rows in the order they are visited. */
export interface PlannedExamples {
  store: PlannedStore;
  count: number;
  /** Uint32 row numbers. */
  order: Offset;
}

/**
 * Where everything that training needs lies in the arena. Pure arithmetic: nothing is allocated. It is
 * plain data, so that other threads can have it.
 */
export interface Plan {
  summary: PlanSummary;
  /** Values of one example, and of what the network says of it. */
  features: number;
  outputs: number;
  network: NetworkPlan;
  loss: LossConfig;
  batchSize: number;
  stepsPerEpoch: number;
  train: PlannedExamples;
  validation: PlannedExamples | null;
  /** What augmentation has to know of the images; null where there is none. */
  frame: ImageFrame | null;
  /** Preprocessing, [features] each. */
  offset: Offset;
  scale: Offset;
  /** Labels of the batch, 0 for regression. */
  labels: Offset;
  /** Targets of the batch; 0 where the loss needs none. */
  targets: Offset;
  /**
   * What a teacher says of the training examples, [store × outputs], and of those of the batch; null where
   * labels or targets are learned.
   */
  teacher: { table: Offset; targets: Offset; temperature: number } | null;
  /** What each class weighs in the loss, float64 [outputs]; null where all count alike. */
  classWeights: { offset: Offset; values: number[] } | null;
  /** What 1 is in each target's own unit, [outputs]; 0 for classification. */
  targetUnit: Offset;
  /** The optimizer's tensors for each parameter set, one after another. */
  optimizerState: Offset[][];
  /** What L-BFGS has beside; null where another optimizer trains. */
  lbfgs: LbfgsPlan | null;
  /** The running average of each parameter set; null where there is none. A frozen one is its own. */
  averages: Offset[] | null;
  /** Four float64: Σ loss, examples classified right, Σ squared errors in the targets' units, Σ weights. */
  totals: Offset;
  /** Of each parameter set, float64 [Σ w², Σ update², Σ |w|] for each part of its update. */
  norms: Offset[];
  /** Null where nothing is inspected. */
  inspection: PlannedInspection | null;
  /** Room for clipping by norm; 0 where there is none. */
  clip: Offset;
  /** Working memory of each thread. */
  scratch: Offset[];
}

/**
 * Compiles a config and its data into a plan. Throws a UserError, with the key to blame, where the
 * network does not fit the data or asks for more memory than a run can have.
 */
export function planTraining(config: Config, dataset: Dataset, threads = 1): Plan {
  const shapes = inferShapes(config.model.layers, dataset.shape);
  const loss = config.loss ?? defaultLoss(dataset.task);
  const mismatch = outputMismatch(shapes, dataset, loss.type);
  if (mismatch) throw new UserError(mismatch.message, { path: mismatch.path });
  const outputs = sizeOf(shapes[shapes.length - 1].outputShape);
  const weights = weightsOfClasses(loss, dataset);
  refuseWithoutValidation(config, dataset);
  const count = dataset.train.indices.length;
  const batchSize =
    config.training.batchSize === 'full' ? count : Math.min(config.training.batchSize, count);
  const capacity = Math.max(
    batchSize,
    Math.min(MIN_CAPACITY, Math.max(count, dataset.validation?.indices.length ?? 0)),
  );
  const arena = new ArenaLayout();
  const network = planNetwork(arena, shapes, capacity, {
    frozen: config.model.from?.freeze ?? 0,
  });
  const { optimizer } = config;
  const tensors = stateTensors(optimizer);
  const optimizerState = network.parameters.map(({ value, trained }) =>
    Array.from({ length: trained ? tensors : 0 }, () => arena.tensor(value.size).offset),
  );
  const features = sizeOf(dataset.shape);
  const classified = dataset.task === 'classification';
  const stores = planStores(arena, dataset);
  const frame = config.data.augment.length > 0 ? frameOf(dataset) : null;
  const plan = {
    features,
    outputs,
    network,
    loss,
    batchSize,
    stepsPerEpoch: Math.ceil(count / batchSize),
    train: planExamples(arena, dataset.train, stores),
    validation: dataset.validation && planExamples(arena, dataset.validation, stores),
    frame,
    offset: arena.tensor(features).offset,
    scale: arena.tensor(features).offset,
    labels: classified ? arena.reserve(capacity * 4) : 0,
    targets: needsTargets(loss) ? arena.tensor(capacity * outputs).offset : 0,
    teacher: planTeacher(arena, loss, dataset, capacity),
    classWeights: weights && { offset: arena.reserve(weights.length * 8), values: weights },
    targetUnit: classified ? 0 : arena.tensor(outputs).offset,
    optimizerState,
    lbfgs: optimizer.type === 'lbfgs' ? planLbfgs(arena, optimizer, network.parameters) : null,
    averages:
      config.training.ema === undefined
        ? null
        : network.parameters.map(({ value, trained }) =>
            trained ? arena.tensor(value.size).offset : value.offset,
          ),
    totals: arena.reserve(4 * 8),
    norms: network.parameters.map(({ value }) =>
      arena.reserve(elementParts(value.size) * NORMS * 8),
    ),
    inspection:
      config.inspect === 'none'
        ? null
        : planInspection(arena, network, dataset.train, stores.get(dataset.train.store)!, threads),
    clip:
      config.gradientClip?.norm === undefined
        ? 0
        : arena.reserve(clipBytes(network.parameters.map(({ value }) => value.size))),
    scratch: Array.from({ length: threads }, () =>
      arena.reserve(
        Math.max(
          PRODUCT_SCRATCH_BYTES,
          network.scratchBytes,
          frame ? augmentationBytes(frame) : 0,
          config.inspect === 'none' ? 0 : MEASURE_SCRATCH_BYTES,
        ),
      ),
    ),
  };
  if (arena.bytes > MAX_ARENA_BYTES) {
    const excess = arena.bytes - MAX_ARENA_BYTES;
    const pairs = optimizer.type === 'lbfgs' ? fittingPairs(optimizer, optimizerState, excess) : 0;
    throw pairs > 0 ? tooManyPairs(arena.bytes, pairs) : tooLarge(arena.bytes, shapes, batchSize);
  }
  return {
    ...plan,
    summary: {
      inputShape: dataset.shape,
      ...(dataset.rotation && { rotation: dataset.rotation }),
      layers: network.layers.map(({ shape, parameters }) => ({
        path: shape.path,
        label: shape.label,
        kind: shape.layer.kind,
        outputShape: shape.outputShape,
        parameters: parameters.map(({ summary }) => summary),
      })),
      parameterCount: shapes.reduce((sum, shape) => sum + shape.parameterCount, 0),
      arenaBytes: arena.bytes,
    },
  };
}

function planTeacher(
  arena: ArenaLayout,
  loss: LossConfig,
  { softTargets, outputs }: Dataset,
  capacity: number,
): Plan['teacher'] {
  if (!softTargets || loss.type !== 'softmaxCrossEntropy' || !loss.distill) return null;
  return {
    table: arena.tensor(softTargets.length).offset,
    targets: arena.tensor(capacity * outputs).offset,
    temperature: loss.distill.temperature,
  };
}

/** Bytes have a range of their own; floats that of the training part. */
function frameOf({ shape, train, statistics }: Dataset): ImageFrame {
  const [height, width, channels] = shape;
  const isBytes = train.store.inputs instanceof Uint8Array;
  const { low, high } = isBytes ? { low: 0, high: 255 } : wholeRange(statistics);
  return { height, width, channels, low, high };
}

/** Some settings follow the validation loss. */
function refuseWithoutValidation(config: Config, dataset: Dataset): void {
  if (dataset.validation) return;
  const path =
    config.schedule.type === 'plateau'
      ? ['schedule', 'type']
      : config.training.earlyStop
        ? ['training', 'earlyStop']
        : null;
  if (!path) return;
  throw new UserError(
    `${path.at(-1) === 'type' ? 'A plateau' : 'An early stop'} is seen by the validation loss, but no example is kept for validation. Raise data.validation, or give more data.`,
    { path },
  );
}

function planStores(arena: ArenaLayout, dataset: Dataset): Map<ExampleStore, PlannedStore> {
  const stores = new Set([dataset.train.store]);
  if (dataset.validation) stores.add(dataset.validation.store);
  return new Map(
    [...stores].map((store) => [
      store,
      {
        bytes: isBytes(store, dataset),
        inputs: arena.reserve(store.inputs.length * (isBytes(store, dataset) ? 1 : 4)),
        answers: arena.reserve((store.labels ?? store.targets)?.byteLength ?? 0),
      },
    ]),
  );
}

/** Rotated inputs are floats. */
function isBytes({ inputs }: ExampleStore, { rotation }: Dataset): boolean {
  return inputs instanceof Uint8Array && rotation === null;
}

function planExamples(
  arena: ArenaLayout,
  { store, indices }: Examples,
  stores: Map<ExampleStore, PlannedStore>,
): PlannedExamples {
  return {
    store: stores.get(store)!,
    count: indices.length,
    order: arena.reserve(indices.byteLength),
  };
}

function tooManyPairs(bytes: number, fitting: number): UserError {
  return new UserError(
    `This run would need ${gibibytes(bytes)}, and a run can have at most 4 GiB. lbfgs keeps two copies of all parameters for each step that it remembers: there is room for memory: ${fitting}.`,
    { path: ['optimizer', 'memory'] },
  );
}

function tooLarge(
  bytes: number,
  shapes: ReturnType<typeof inferShapes>,
  batchSize: number,
): UserError {
  const heaviest = shapes.reduce((most, shape) =>
    shape.parameterCount > most.parameterCount ? shape : most,
  );
  return new UserError(
    `This run would need ${gibibytes(bytes)}, and a run can have at most 4 GiB. ` +
      `The largest layer, ${heaviest.label}, has ${heaviest.parameterCount.toLocaleString('en-US')} parameters; the batch has ${batchSize.toLocaleString('en-US')} examples. Use smaller layers, a smaller batch, or less data.`,
    { path: heaviest.path },
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
