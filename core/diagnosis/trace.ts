import { type Config, type ParsedConfig, parseConfig } from '../config/index.ts';
import { STATISTICS, type Statistic } from '../events/distributions.ts';
import type {
  ActivityEvent,
  DataEvent,
  DistributionsEvent,
  EpochEvent,
  FinishedEvent,
  ProbeEvent,
  RunEvent,
  StartedEvent,
  WeightsEvent,
} from '../events/run-event.ts';
import { LossCurve } from './loss-curve.ts';
import { RatioCurve } from './ratio-curve.ts';

/** A measurement of the inside of the network, without its histograms. */
export type Look = Pick<DistributionsEvent, 'step' | 'epoch' | 'batch' | 'statistics'>;

/** Looks that are remembered: the first ones and the latest ones. */
const FIRST_LOOKS = 16;
const LATEST_LOOKS = 16;

/** The numbers of one step. */
export interface StepRow {
  loss: number;
  dataLoss: number;
  learningRate: number;
}

/**
 * What is known of a run so far, from its events alone: all that rules judge by. Columns are copied:
 * those of events go on to another thread.
 */
export class Trace {
  started: StartedEvent | null = null;
  /** Null where the run does not tell it, or where it cannot be read. */
  config: Config | null = null;
  /** What the config says at a path, as it is written. */
  written: ParsedConfig['valueAt'] = () => undefined;
  data: DataEvent | null = null;
  probes: ProbeEvent[] = [];
  /** It goes on from a checkpoint, and what was before is not known here. */
  resumed = false;
  /** Completed updates. */
  step = 0;
  /** Of the last step; NaN before the first. The object is reused. */
  readonly last: StepRow = { loss: Number.NaN, dataLoss: Number.NaN, learningRate: Number.NaN };
  losses = new LossCurve(1, 1);
  ratios = new RatioCurve(1);
  epochs: EpochEvent[] = [];
  /** Before the first step, if that was looked at. */
  firstLooks: Look[] = [];
  /** The latest ones that are not among the first. */
  latestLooks: Look[] = [];
  activity: ActivityEvent | null = null;
  /** The latest values of the first parameter set. */
  firstWeights: WeightsEvent | null = null;
  /** The rate was set by hand. */
  steered = false;
  finished: FinishedEvent | null = null;

  /** Takes in any event but those of the rules; columns of steps row by row through `addStep`. */
  add(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.#begin(event);
        break;
      case 'resumed':
        this.resumed = true;
        this.step = event.step;
        break;
      case 'data':
        this.data = structuredClone(event);
        break;
      case 'probe':
        this.probes.push(event);
        break;
      case 'epoch':
        this.epochs.push(event);
        break;
      case 'distributions':
        this.#addLook(event);
        break;
      case 'activity':
        this.activity = {
          ...event,
          layers: event.layers.slice(),
          units: event.units.slice(),
          active: event.active.slice(),
        };
        break;
      case 'weights':
        if (event.parameter === 0) this.firstWeights = { ...event, codes: event.codes.slice() };
        break;
      case 'control':
        if (event.action === 'learningRate') this.steered = true;
        break;
      case 'finished':
        this.finished = event;
        break;
    }
  }

  addStep(step: number, { loss, dataLoss, learningRate }: StepRow): void {
    this.step = step;
    this.last.loss = loss;
    this.last.dataLoss = dataLoss;
    this.last.learningRate = learningRate;
    this.losses.add(step, loss, dataLoss);
  }

  /** ‖update‖ / ‖W‖ of each parameter set. */
  addRatios(step: number, ratios: Float32Array): void {
    this.ratios.add(step, ratios);
  }

  /** The latest look; null before any. */
  get look(): Look | null {
    return this.latestLooks.at(-1) ?? this.firstLooks.at(-1) ?? null;
  }

  /** Completed epochs, a fraction within one. */
  get epoch(): number {
    return this.step / Math.max(1, this.started?.stepsPerEpoch ?? 1);
  }

  #begin(event: StartedEvent): void {
    this.started = event;
    const parsed =
      event.configText === undefined ? null : parseConfig(event.configText, event.config);
    this.config = parsed?.config ?? null;
    this.written = parsed?.valueAt ?? this.written;
    this.losses = new LossCurve(event.stepsPerEpoch, event.batchSize);
    this.ratios = new RatioCurve(event.stepsPerEpoch);
  }

  #addLook({ step, epoch, batch, statistics }: DistributionsEvent): void {
    const look = { step, epoch, batch, statistics: statistics.slice() };
    if (this.firstLooks.length < FIRST_LOOKS) this.firstLooks.push(look);
    else this.latestLooks.push(look);
    if (this.latestLooks.length > LATEST_LOOKS) this.latestLooks.shift();
  }
}

const COLUMN = Object.fromEntries(STATISTICS.map((name, i) => [name, i])) as Record<
  Statistic,
  number
>;

/** One number of a look; rows are those of `measuredTensors`. NaN where it was not measured. */
export function measured(
  { statistics }: Pick<Look, 'statistics'>,
  row: number,
  name: Statistic,
): number {
  return statistics[row * STATISTICS.length + COLUMN[name]] ?? Number.NaN;
}
