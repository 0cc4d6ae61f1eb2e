import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type MeasuredTensor, measuredTensors, statisticsOf } from '../events/distributions.ts';
import { unpackHistograms } from '../events/histogram.ts';
import type {
  DistributionsEvent,
  EpochEvent,
  PlanSummary,
  RatiosEvent,
  ResumedEvent,
  RunEvent,
  StartedEvent,
  StepsEvent,
} from '../events/run-event.ts';
import { bucketsOf } from './histogram-buckets.ts';
import { fileVersion, histogramSummary, type Scalar, scalarSummary } from './summary.ts';
import { frame } from './tfrecord.ts';
import { ThinnedMoments } from './thinned-moments.ts';
import { ThinnedScalar } from './thinned-scalar.ts';

/**
 * A run's event file for TensorBoard, derived from its events as they come: `loss/batch`,
 * `loss/train`, `loss/validation`, `accuracy/…` (or `r2/…`, `rmse/…`), `learning_rate`,
 * `ratio/<parameter id>`; and as histograms `activations/input`, `activations/<layer id>`,
 * `gradients/<layer id>`, `weights/<parameter id>`, `weight_gradients/…`, `updates/…`. The same
 * events give the same bytes.
 */
export class TensorBoardWriter {
  readonly #fd: number;
  /** Wall clock at time 0. */
  readonly #startedAt: number;
  readonly #plannedSteps: number;
  readonly #parameterIds: string[];
  readonly #scalars = new Map<string, ThinnedScalar>();
  /** Of the rows of `distributions`. */
  readonly #histogramTags: string[];
  readonly #moments: ThinnedMoments;
  /** Step and time of the latest row: what has no time of its own is placed by it. */
  #step = 0;
  #time = 0;
  #pending: Uint8Array[] = [];

  /** Makes a file in `folder`, which exists; of a resumed run its next one, as TensorFlow does. */
  constructor(folder: string, started: StartedEvent, resumed?: ResumedEvent) {
    const began = resumed?.resumedAt ?? started.startedAt;
    this.#startedAt = began - (resumed?.time ?? 0);
    this.#plannedSteps = started.epochs * started.stepsPerEpoch;
    this.#parameterIds = started.plan.layers.flatMap((layer) =>
      layer.parameters.map(({ id }) => id),
    );
    this.#histogramTags = histogramTags(started.plan);
    this.#moments = new ThinnedMoments(this.#plannedSteps, this.#histogramTags.length);
    this.#fd = openFree(folder, Math.floor(began / 1000));
    this.#pending.push(frame(fileVersion(began / 1000)));
    this.flush();
  }

  add(event: RunEvent): void {
    if (event.type === 'steps') this.#addSteps(event);
    else if (event.type === 'ratios') this.#addRatios(event);
    else if (event.type === 'distributions') this.#addDistributions(event);
    else if (event.type === 'epoch') this.#addEpoch(event);
    else if (event.type === 'finished') for (const scalar of this.#scalars.values()) scalar.flush();
  }

  /** Writes what is pending. Throws the system's error. */
  flush(): void {
    const bytes = Buffer.concat(this.#pending);
    for (let done = 0; done < bytes.length; ) done += writeSync(this.#fd, bytes, done);
    this.#pending = [];
  }

  close(): void {
    closeSync(this.#fd);
  }

  #addSteps({ firstStep, startTime, endTime, loss, dataLoss, learningRate }: StepsEvent): void {
    const batch = this.#scalar('loss/batch');
    const rate = this.#scalar('learning_rate');
    const data = dataLoss ?? loss;
    const stride = loss.length > 1 ? (endTime - startTime) / (loss.length - 1) : 0;
    for (let i = 0; i < loss.length; i++) {
      this.#step = firstStep + i;
      this.#time = startTime + stride * i;
      batch.add(this.#step, this.#wallTime, data[i]!);
      rate.add(this.#step, this.#wallTime, learningRate[i]!);
    }
  }

  #addRatios({ steps, ratios }: RatiosEvent): void {
    const width = this.#parameterIds.length;
    for (const [p, id] of this.#parameterIds.entries()) {
      const scalar = this.#scalar(`ratio/${id}`);
      for (let row = 0; row < steps.length; row++)
        scalar.add(steps[row]!, this.#wallTime, ratios[row * width + p]!);
    }
  }

  /** What was not measured, or has no finite value, has no histogram. */
  #addDistributions(event: DistributionsEvent): void {
    const { step, time, statistics } = event;
    if (!this.#moments.includes(step)) return;
    const wallTime = (this.#startedAt + time) / 1000;
    for (const [row, histogram] of unpackHistograms(event).entries()) {
      const range = statisticsOf(statistics, row);
      if (range.count === 0) continue;
      const tag = this.#histogramTags[row]!;
      const buckets = bucketsOf(histogram, range);
      this.#pending.push(frame(histogramSummary({ tag, step, wallTime, buckets })));
    }
  }

  #addEpoch({ step, time, train, validation }: EpochEvent): void {
    this.#step = step;
    this.#time = time;
    this.#addPoint('loss/train', train.dataLoss);
    this.#addPoint('accuracy/train', train.accuracy);
    this.#addPoint('r2/train', train.r2);
    this.#addPoint('rmse/train', train.rmse);
    if (!validation) return;
    this.#addPoint('loss/validation', validation.loss);
    this.#addPoint('accuracy/validation', validation.accuracy);
    this.#addPoint('r2/validation', validation.r2);
    this.#addPoint('rmse/validation', validation.rmse);
  }

  #addPoint(tag: string, value: number | null): void {
    if (value !== null) this.#scalar(tag).add(this.#step, this.#wallTime, value);
  }

  get #wallTime(): number {
    return (this.#startedAt + this.#time) / 1000;
  }

  #scalar(tag: string): ThinnedScalar {
    let scalar = this.#scalars.get(tag);
    if (!scalar) {
      scalar = new ThinnedScalar(tag, this.#plannedSteps, (point) => this.#emit(point));
      this.#scalars.set(tag, scalar);
    }
    return scalar;
  }

  #emit(point: Scalar): void {
    this.#pending.push(frame(scalarSummary(point)));
  }
}

/** What stands before the slash, by which TensorBoard groups. */
const GROUPS: { readonly [Kind in MeasuredTensor['kind']]: string } = {
  input: 'activations',
  activation: 'activations',
  activationGradient: 'gradients',
  parameter: 'weights',
  parameterGradient: 'weight_gradients',
  update: 'updates',
};

/** The tags of the rows of `distributions`. */
function histogramTags(plan: PlanSummary): string[] {
  const parameters = plan.layers.flatMap((layer) => layer.parameters);
  return measuredTensors(plan).map(({ kind, layer, parameter }) => {
    const id = parameters[parameter]?.id ?? plan.layers[layer]?.path.join('.') ?? 'input';
    return `${GROUPS[kind]}/${id}`;
  });
}

/** TensorBoard reads a folder's files in the order of these seconds. */
function openFree(folder: string, seconds: number): number {
  try {
    return openSync(join(folder, `events.out.tfevents.${seconds}.trainscope.v2`), 'wx');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return openFree(folder, seconds + 1);
  }
}
