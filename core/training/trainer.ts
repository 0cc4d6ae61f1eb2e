import type { Config } from '../config/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { RandomStream } from '../data/random.ts';
import type { KernelVariant, TrainMetrics, ValidationMetrics } from '../events/run-event.ts';
import { instantiateKernels, supportedVariant } from '../kernels/kernels.ts';
import { elementParts, type Op, type Pass } from '../network/op.ts';
import { allocateArena, fillArena } from './arena.ts';
import { startAverages } from './averages.ts';
import { NORMS } from './optimizers/trained.ts';
import type { Plan } from './plan.ts';
import { buildProgram, type Program } from './program.ts';
import { quality, type Totals, targetVariation } from './quality.ts';
import { type Regularization, regularizationOf } from './regularization.ts';
import { Schedule } from './schedules/schedule.ts';
import { Alone, type Runner } from './threads/runner.ts';
import { Team } from './threads/team.ts';

/** What a step measured; the object is reused. */
export interface StepResult {
  /** Cost of the batch before the update: data loss plus regularization. */
  loss: number;
  dataLoss: number;
  /** The one that the update was done with: the schedule's. */
  learningRate: number;
}

/** What of a step is measured beside its loss and ratios: its updates, or all there is. */
export type StepMeasurement = 'none' | 'updates' | 'all';

/** Where a trainer stands in its training, beside what its arena holds. */
export interface Position {
  /** Completed updates. */
  step: number;
  /**
   * Sums over the steps of the epoch under way or just complete: each step counts by the weight of its
   * examples, which is their number where no class weights are set.
   */
  cost: number;
  dataLoss: number;
  weight: number;
  totals: Totals;
}

const goOn = () => false;
const isShared = ({ parts }: Op) => parts > 1;
const noTotals = (): Totals => ({ right: 0, squares: 0, examples: 0 });

/**
 * Trains a planned network, a batch at a time, in one arena. A step allocates nothing.
 *
 * `poll` is called between the parts of every op; it may block (a pause), and returns true to have
 * the step abandoned: parameters are then as before it.
 */
export class Trainer {
  readonly plan: Plan;
  readonly memory: WebAssembly.Memory;
  readonly kernels: KernelVariant;
  readonly last: StepResult;
  /** ‖update‖ / ‖W‖ of the last step, for each parameter set in the plan's order. */
  readonly ratios: Float32Array;
  /** Before the schedule. Taken from the next step on. */
  learningRate: number;
  readonly schedule: Schedule;

  readonly #config: Config;
  readonly #dataset: Dataset;
  readonly #poll: () => boolean;
  readonly #program: Program;
  #runner: Runner;
  readonly #pass: Pass = { rows: 0, position: 0, step: 0, learningRate: 0 };
  readonly #totals: Float64Array;
  /** Of each parameter set: [Σ w², Σ update², Σ |w|] for each part of its update. */
  readonly #norms: Float64Array[];
  readonly #regularization: Regularization[];
  readonly #order: Uint32Array;
  readonly #trainVariation: number | null;
  readonly #validationVariation: number | null;

  #step = 0;
  /** Active units have been counted since this step. */
  #countedFrom = 0;
  #epochTotals = noTotals();
  #epochCost = 0;
  #epochDataLoss = 0;
  #epochWeight = 0;

  /** Reserves the arena, copies the data in, and initializes the parameters. */
  constructor(
    config: Config,
    dataset: Dataset,
    plan: Plan,
    poll: () => boolean,
    variant: KernelVariant = supportedVariant(),
  ) {
    this.plan = plan;
    this.kernels = variant;
    this.#config = config;
    this.#dataset = dataset;
    this.#poll = poll;
    this.memory = allocateArena(plan.summary.arenaBytes);
    fillArena(this.memory, plan, config, dataset);
    startAverages(this.memory, plan);
    const kernels = instantiateKernels(this.memory, variant);
    this.#program = buildProgram(kernels, plan, config, plan.scratch[0]);
    this.#runner = new Alone(this.#program);
    const { buffer } = this.memory;
    this.#totals = new Float64Array(buffer, plan.totals, 4);
    this.#norms = plan.network.parameters.map(
      ({ value }, i) => new Float64Array(buffer, plan.norms[i], elementParts(value.size) * NORMS),
    );
    this.#regularization = plan.network.layers.flatMap(({ shape, parameters }) =>
      parameters.map((parameter) => regularizationOf(config, shape.layer, parameter)),
    );
    this.#order = new Uint32Array(buffer, plan.train.order, plan.train.count);
    this.#trainVariation = targetVariation(dataset.train, dataset.outputs);
    this.#validationVariation =
      dataset.validation && targetVariation(dataset.validation, dataset.outputs);
    this.learningRate = config.optimizer.learningRate;
    this.schedule = new Schedule(config.schedule, plan.stepsPerEpoch, config.training.epochs);
    this.last = { loss: Number.NaN, dataLoss: Number.NaN, learningRate: this.learningRate };
    this.ratios = new Float32Array(plan.network.parameters.length);
  }

  /** How many threads do the work. */
  get threads(): number {
    return this.#runner.threads;
  }

  /**
   * Has the threads that the plan has room for share the work; `file` is the script of theirs. Where no
   * op is worth sharing, this one stays alone. Rejects when they do not start; training is possible all
   * the same. The bits do not depend on it.
   */
  async openThreads(file: string): Promise<void> {
    const shared = Object.values(this.#program).some((ops: Op[]) => ops.some(isShared));
    if (this.plan.scratch.length === 1 || !shared) return;
    this.#runner = await Team.open(
      this.#program,
      { memory: this.memory, variant: this.kernels, plan: this.plan, config: this.#config },
      file,
    );
  }

  /** Ends the other threads. */
  async dispose(): Promise<void> {
    await this.#runner.dispose();
  }

  get position(): Position {
    return {
      step: this.#step,
      cost: this.#epochCost,
      dataLoss: this.#epochDataLoss,
      weight: this.#epochWeight,
      totals: { ...this.#epochTotals },
    };
  }

  /** Continues from there: the arena holds what it held then. */
  set position({ step, cost, dataLoss, weight, totals }: Position) {
    if (step % this.stepsPerEpoch !== 0) this.#beginEpoch(Math.floor(step / this.stepsPerEpoch));
    this.#step = step;
    this.#countedFrom = step;
    this.#epochCost = cost;
    this.#epochDataLoss = dataLoss;
    this.#epochWeight = weight;
    this.#epochTotals = { ...totals };
  }

  /** Completed updates. */
  get step(): number {
    return this.#step;
  }

  get stepsPerEpoch(): number {
    return this.plan.stepsPerEpoch;
  }

  /** The steps in a row over which active units were counted: of this epoch, or of the one just complete. */
  get countedSteps(): number {
    return this.#step - this.#countedFrom;
  }

  /**
   * One batch: forward, loss, backward, update. False: abandoned at the word of `poll`. What is measured
   * is then in the arena; it takes a plan with inspection.
   */
  trainStep(measured: StepMeasurement = 'none'): boolean {
    const { batchSize } = this.plan;
    const batch = this.#step % this.stepsPerEpoch;
    if (batch === 0) {
      this.#beginEpoch(this.#step / this.stepsPerEpoch);
      this.#clearCounts();
    }
    const position = batch * batchSize;
    const rows = Math.min(batchSize, this.#order.length - position);
    this.#begin(rows, position);
    this.#totals.fill(0);
    const gradient = measured === 'all' ? 'measuredGradient' : 'gradient';
    if (!this.#runner.run(gradient, this.#pass, this.#poll)) return false;
    // From here on it is not abandoned: half an update would be worse than a late answer.
    if (Number.isFinite(this.#totals[0])) {
      this.#runner.run(measured === 'none' ? 'update' : 'measuredUpdate', this.#pass, goOn);
    } else {
      // A gradient of nothing would only hide where it came from.
      for (const norms of this.#norms) norms.fill(Number.NaN);
    }
    if (measured === 'all') this.#runner.run('parameters', this.#pass, goOn);
    this.#step++;
    this.#measure(rows);
    return true;
  }

  /**
   * Repeats the step whose data loss was no finite number, all of it measured; its update was not done.
   * False: abandoned at the word of `poll`.
   */
  replay(): boolean {
    this.#totals.fill(0);
    if (!this.#runner.run('measuredGradient', this.#pass, this.#poll)) return false;
    return this.#runner.run('parameters', this.#pass, this.#poll);
  }

  /**
   * Takes the probe forward and backward as in training, all of it measured, and the parameters. Nothing
   * of the training changes. False: abandoned at the word of `poll`.
   */
  probe(): boolean {
    const { inspection } = this.plan;
    if (!inspection) throw new Error('This plan has no room for inspection.');
    this.#begin(inspection.probe.count, 0);
    this.#totals.fill(0);
    if (!this.#runner.run('probe', this.#pass, this.#poll)) return false;
    return this.#runner.run('parameters', this.#pass, this.#poll);
  }

  /** Metrics over the steps of the epoch that is complete or under way; null before its first. */
  epochTrainMetrics(): TrainMetrics | null {
    if (this.#epochTotals.examples === 0) return null;
    return {
      loss: this.#epochCost / this.#epochWeight,
      dataLoss: this.#epochDataLoss / this.#epochWeight,
      ...quality(this.#epochTotals, this.#dataset.outputs, this.#trainVariation),
    };
  }

  /** The whole validation set in test mode. Null: there is none, or `poll` had it abandoned. */
  evaluate(): ValidationMetrics | null {
    if (!this.plan.validation) return null;
    const { count } = this.plan.validation;
    const { capacity } = this.plan.network;
    this.#totals.fill(0);
    for (let position = 0; position < count; position += capacity) {
      this.#begin(Math.min(capacity, count - position), position);
      if (!this.#runner.run('evaluate', this.#pass, this.#poll)) return null;
    }
    return {
      loss: this.#totals[0] / this.#totals[3],
      ...quality(
        { right: this.#totals[1], squares: this.#totals[2], examples: count },
        this.#dataset.outputs,
        this.#validationVariation,
      ),
    };
  }

  #beginEpoch(epoch: number): void {
    const { seed, shuffle } = this.#config.training;
    this.#order.set(this.#dataset.train.indices);
    if (shuffle) new RandomStream(seed, 'shuffle', epoch).shuffle(this.#order);
    this.#epochTotals = noTotals();
    this.#epochCost = 0;
    this.#epochDataLoss = 0;
    this.#epochWeight = 0;
  }

  #clearCounts(): void {
    this.#countedFrom = this.#step;
    for (const { units, counts } of this.plan.inspection?.activity ?? []) {
      for (const offset of counts) new Uint32Array(this.memory.buffer, offset, units).fill(0);
    }
  }

  #begin(rows: number, position: number): void {
    this.#pass.rows = rows;
    this.#pass.position = position;
    this.#pass.step = this.#step;
    this.#pass.learningRate = this.learningRate * this.schedule.factor(this.#step);
  }

  #measure(rows: number): void {
    const weight = this.#totals[3];
    const dataLoss = this.#totals[0] / weight;
    let cost = dataLoss;
    for (let i = 0; i < this.#norms.length; i++) {
      const norms = this.#norms[i];
      let weights = 0;
      let updates = 0;
      let sizes = 0;
      for (let part = 0; part < norms.length; part += NORMS) {
        weights += norms[part];
        updates += norms[part + 1];
        sizes += norms[part + 2];
      }
      // Weights that are all 0 have no ratio, nor have frozen ones, which are not measured.
      this.ratios[i] = weights === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(updates / weights);
      const { l1, l2 } = this.#regularization[i];
      if (l2 !== 0) cost += 0.5 * l2 * weights;
      if (l1 !== 0) cost += l1 * sizes;
    }
    this.last.loss = cost;
    this.last.dataLoss = dataLoss;
    this.last.learningRate = this.#pass.learningRate;
    this.#epochCost += cost * weight;
    this.#epochDataLoss += this.#totals[0];
    this.#epochWeight += weight;
    this.#epochTotals.right += this.#totals[1];
    this.#epochTotals.squares += this.#totals[2];
    this.#epochTotals.examples += rows;
  }
}
