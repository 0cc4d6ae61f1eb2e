import type { Finding } from '../events/finding.ts';
import type {
  ControlEvent,
  DataEvent,
  EpochEvent,
  FinishedEvent,
  ParameterSummary,
  RatiosEvent,
  ResumedEvent,
  RunEvent,
  StartedEvent,
  StepsEvent,
} from '../events/run-event.ts';
import type { RunState } from '../events/run-state.ts';
import { UserError } from '../events/user-error.ts';
import { Column } from './column.ts';
import { Inspected, type UnreadInside } from './inspected.ts';
import { StepTimes } from './step-times.ts';

/** Steps for which there is room from the start. */
const MOST_PLANNED = 2 ** 20;

/** A parameter set with the name it is shown by, e.g. "dense 1 weights". */
export interface LabeledParameter extends ParameterSummary {
  label: string;
}

/**
 * A run in memory, from its events: live batches or a whole log. Takes 16 bytes a step, 24 with
 * regularization, at most twice that while growing (1,000,000 steps are 16 to 48 MB), and what was
 * measured inside the network.
 */
export class RunHistory {
  started: StartedEvent | null = null;
  data: DataEvent | null = null;
  finished: FinishedEvent | null = null;
  epochs: EpochEvent[] = [];
  controls: ControlEvent[] = [];
  /** How often the run was resumed: each time something that was here may be gone. */
  resumptions = 0;
  /** Those that were not withdrawn. */
  findings: Finding[] = [];
  /** The parameter sets over all layers, in the order of the ratios' columns. */
  parameters: LabeledParameter[] = [];
  /** What was measured inside the network. */
  inspected = new Inspected({ layers: [] });
  readonly #loss = new Column();
  /** Null as long as it equals the loss. */
  #dataLoss: Column | null = null;
  readonly #learningRate = new Column();
  readonly #ratioSteps = new Column();
  #ratios: Column[] = [];
  readonly #stepTimes = new StepTimes();
  #paused = false;
  #abandoned = false;
  #time = 0;
  readonly #unread: UnreadInside | null;
  #reading: Promise<void> | null = null;
  /** Whether `inspected` has all there is. */
  isInsideRead: boolean;
  /** What is wrong with some of what was measured, in a sentence. */
  insideProblem: string | null = null;

  /** `unread`: where what was measured inside the network waits to be read. */
  constructor(unread: UnreadInside | null = null) {
    this.#unread = unread;
    this.isInsideRead = unread === null;
  }

  /** Reads what was measured inside the network, unless that is done. Throws where the log is gone. */
  readInside(): Promise<void> {
    this.#reading ??= this.#readInside();
    return this.#reading;
  }

  async #readInside(): Promise<void> {
    if (this.isInsideRead || !this.#unread) return;
    this.insideProblem = await this.#unread.read(this.inspected);
    this.isInsideRead = true;
  }

  /** Takes events in, in their order. Throws UserError where they do not fit what came before. */
  push(events: readonly RunEvent[]): void {
    for (const event of events) this.#take(event);
  }

  /** No process writes this run any more. */
  abandon(): void {
    this.#abandoned = true;
  }

  get state(): RunState {
    if (this.finished) return this.finished.reason;
    if (this.#abandoned) return 'interrupted';
    if (!this.started) return 'preparing';
    return this.#paused ? 'paused' : 'training';
  }

  /** Completed updates. */
  get step(): number {
    return this.#loss.length;
  }

  /** Completed epochs, with a fraction within one. */
  get epoch(): number {
    return this.epochOf(this.step);
  }

  /** Milliseconds from the start to the latest event. */
  get time(): number {
    return this.#time;
  }

  /** One entry a step, regularization included; a view, good until the next `push`. */
  get loss(): Float64Array {
    return this.#loss.values;
  }

  get dataLoss(): Float64Array {
    return (this.#dataLoss ?? this.#loss).values;
  }

  get learningRate(): Float64Array {
    return this.#learningRate.values;
  }

  /** The steps at which ratios were measured. */
  get ratioSteps(): Float64Array {
    return this.#ratioSteps.values;
  }

  /** ‖update‖ / ‖W‖ of the parameter set with this index, one entry for each of `ratioSteps`. */
  ratiosOf(parameter: number): Float64Array {
    return this.#ratios[parameter]?.values ?? new Float64Array(0);
  }

  epochOf(step: number): number {
    return this.started && this.started.stepsPerEpoch > 0 ? step / this.started.stepsPerEpoch : 0;
  }

  /** When a step ended, in milliseconds from the start. */
  timeOf(step: number): number {
    return this.#stepTimes.timeOf(step);
  }

  #take(event: RunEvent): void {
    if ('time' in event) this.#time = event.time;
    switch (event.type) {
      case 'started':
        this.#start(event);
        break;
      case 'data':
        this.data = event;
        break;
      case 'steps':
        this.#takeSteps(event);
        break;
      case 'epoch':
        this.epochs.push(event);
        break;
      case 'ratios':
        this.#takeRatios(event);
        break;
      case 'distributions':
      case 'activity':
      case 'weights':
        this.inspected.push(event);
        break;
      case 'control':
        this.controls.push(event);
        if (event.action === 'pause') this.#paused = true;
        if (event.action === 'resume') this.#paused = false;
        break;
      case 'resumed':
        this.#rewind(event);
        break;
      case 'finding':
        this.#withdraw(event.finding);
        this.findings.push(event.finding);
        break;
      case 'withdrawn':
        this.#withdraw(event);
        break;
      case 'finished':
        this.finished = event;
        this.findings = event.findings;
        break;
    }
  }

  #withdraw(told: Pick<Finding, 'rule' | 'path'>): void {
    const isOther = ({ rule, path }: Finding) =>
      rule !== told.rule || path.join('\0') !== told.path.join('\0');
    this.findings = this.findings.filter(isOther);
  }

  #start(event: StartedEvent): void {
    this.started = event;
    this.parameters = event.plan.layers.flatMap((layer) =>
      layer.parameters.map((one) => ({ ...one, label: `${layer.label} ${one.name}` })),
    );
    this.#ratios = this.parameters.map(() => new Column());
    // Memory that is not written takes no room, but for a run that plans more than it will ever do.
    const planned = Math.min(MOST_PLANNED, event.epochs * event.stepsPerEpoch);
    for (const column of [this.#loss, this.#learningRate]) column.reserve(planned);
    this.inspected = new Inspected(event.plan);
  }

  /** Forgets what came after the checkpoint. */
  #rewind({ step, epoch, time, epochs, kernels, threads }: ResumedEvent): void {
    if (step > this.step)
      throw new UserError(`The log is damaged: it goes on from step ${step} after ${this.step}.`);
    if (this.started) this.started = { ...this.started, epochs, kernels, threads };
    this.finished = null;
    this.#abandoned = false;
    this.#paused = false;
    this.resumptions++;
    this.epochs = this.epochs.filter((event) => event.epoch <= epoch);
    this.controls = this.controls.filter((event) => event.step <= step);
    // The rules begin anew, and tell what still holds.
    this.findings = [];
    for (const column of [this.#loss, this.#dataLoss, this.#learningRate])
      if (column) column.length = step;
    const measured = this.#ratioSteps.values.findIndex((at) => at > step);
    if (measured >= 0)
      for (const column of [this.#ratioSteps, ...this.#ratios]) column.length = measured;
    this.inspected.rewind(step);
    this.#stepTimes.rewind(step);
    this.#time = time;
  }

  #takeSteps(event: StepsEvent): void {
    const { firstStep, loss, dataLoss, learningRate, startTime, endTime } = event;
    if (loss.length === 0) return;
    if (firstStep !== this.step + 1)
      throw new UserError(`The log is damaged: step ${firstStep} follows step ${this.step}.`);
    if (dataLoss && !this.#dataLoss) {
      this.#dataLoss = new Column();
      this.#dataLoss.reserve(this.#loss.room);
      this.#dataLoss.append(this.loss);
    }
    this.#dataLoss?.append(dataLoss ?? loss);
    this.#loss.append(loss);
    this.#learningRate.append(learningRate);
    this.#stepTimes.push(this.step, startTime, endTime);
    this.#time = endTime;
  }

  #takeRatios({ steps, ratios }: RatiosEvent): void {
    const width = this.#ratios.length;
    if (ratios.length !== steps.length * width)
      throw new UserError(
        `The log is damaged: ${ratios.length} ratios for ${steps.length} steps of ${width} parameter sets.`,
      );
    this.#ratioSteps.append(steps);
    for (const [p, column] of this.#ratios.entries()) column.appendEvery(ratios, p, width);
  }
}
