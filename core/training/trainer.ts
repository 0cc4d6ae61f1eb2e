import type { Config } from '../config/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { RandomStream } from '../data/random.ts';
import type { KernelVariant, TrainMetrics, ValidationMetrics } from '../events/run-event.ts';
import { instantiateKernels, type Kernels, supportedVariant } from '../kernels/kernels.ts';
import { lossOp } from '../network/losses/loss.ts';
import { buildNetwork, type NetworkOps } from '../network/network.ts';
import type { Op } from '../network/op.ts';
import { allocateArena, fillArena } from './arena.ts';
import { BatchGather } from './batches.ts';
import { type OptimizerType, optimizerType, type Trained } from './optimizers/optimizer.ts';
import type { Plan } from './plan.ts';
import { quality, type Totals, targetVariation } from './quality.ts';
import { l2Of } from './regularization.ts';

/** What a step measured; the object is reused. */
export interface StepResult {
  /** Cost of the batch before the update: data loss plus regularization. */
  loss: number;
  dataLoss: number;
  learningRate: number;
}

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
  /** Taken from the next step on. */
  learningRate: number;

  readonly #config: Config;
  readonly #dataset: Dataset;
  readonly #poll: () => boolean;
  readonly #kernels: Kernels;
  readonly #network: NetworkOps;
  readonly #loss: Op;
  readonly #optimizer: OptimizerType<Config['optimizer']>;
  readonly #trained: Trained[];
  readonly #totals: Float64Array;
  readonly #norms: Float64Array;
  readonly #order: Uint32Array;
  readonly #trainGather: BatchGather;
  readonly #validationGather: BatchGather | null;
  readonly #trainVariation: number | null;
  readonly #validationVariation: number | null;

  #step = 0;
  #epochTotals = noTotals();
  #epochCost = 0;
  #epochDataLoss = 0;
  #epochSteps = 0;

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
    const kernels = instantiateKernels(this.memory, variant);
    this.#kernels = kernels;
    fillArena(this.memory, plan, config, dataset);

    this.#network = buildNetwork(kernels, plan.network, plan.scratch);
    const { output, outputGradient } = plan.network.layers[plan.network.layers.length - 1];
    this.#loss = lossOp(plan.loss, {
      kernels,
      outputs: dataset.outputs,
      y: output.offset,
      dy: outputGradient.offset,
      labels: plan.labels,
      targets: plan.targets,
      totals: plan.totals,
    });
    this.#optimizer = optimizerType(config.optimizer);
    this.#trained = plan.network.layers.flatMap(({ shape, parameters }) =>
      parameters.map((parameter) => ({
        parameter,
        state: plan.optimizerState[plan.network.parameters.indexOf(parameter)],
        l2: l2Of(config, shape.layer, parameter.summary.name),
        norms: plan.norms + plan.network.parameters.indexOf(parameter) * 16,
      })),
    );
    this.#totals = new Float64Array(this.memory.buffer, plan.totals, 3);
    this.#norms = new Float64Array(this.memory.buffer, plan.norms, this.#trained.length * 2);
    const count = dataset.train.indices.length;
    this.#order = new Uint32Array(this.memory.buffer, plan.train.order, count);
    this.#trainGather = new BatchGather(kernels, plan, plan.train, dataset);
    this.#validationGather =
      plan.validation && new BatchGather(kernels, plan, plan.validation, dataset);
    this.#trainVariation = targetVariation(dataset.train, dataset.outputs);
    this.#validationVariation =
      dataset.validation && targetVariation(dataset.validation, dataset.outputs);
    this.learningRate = config.optimizer.learningRate;
    this.last = { loss: Number.NaN, dataLoss: Number.NaN, learningRate: this.learningRate };
    this.ratios = new Float32Array(this.#trained.length);
  }

  /** Completed updates. */
  get step(): number {
    return this.#step;
  }

  get stepsPerEpoch(): number {
    return this.plan.stepsPerEpoch;
  }

  /** One batch: forward, loss, backward, update. False: abandoned at the word of `poll`. */
  trainStep(): boolean {
    const { batchSize } = this.plan;
    const batch = this.#step % this.stepsPerEpoch;
    if (batch === 0) this.#beginEpoch(this.#step / this.stepsPerEpoch);
    const position = batch * batchSize;
    const rows = Math.min(batchSize, this.#order.length - position);
    this.#trainGather.position = position;
    this.#totals.fill(0);
    const done =
      this.#runAll(this.#trainGather.ops, rows) &&
      this.#runAll(this.#network.forward, rows) &&
      this.#run(this.#loss, rows) &&
      this.#runAll(this.#network.backward, rows);
    if (!done) return false;
    this.#update();
    this.#measure(rows);
    return true;
  }

  /** Metrics over the steps of the epoch that is complete or under way; null before its first. */
  epochTrainMetrics(): TrainMetrics | null {
    if (this.#epochSteps === 0) return null;
    return {
      loss: this.#epochCost / this.#epochSteps,
      dataLoss: this.#epochDataLoss / this.#epochSteps,
      ...quality(this.#epochTotals, this.#dataset.outputs, this.#trainVariation),
    };
  }

  /** The whole validation set in test mode. Null: there is none, or `poll` had it abandoned. */
  evaluate(): ValidationMetrics | null {
    const gather = this.#validationGather;
    if (!gather || !this.#dataset.validation) return null;
    const count = this.#dataset.validation.indices.length;
    const { capacity } = this.plan.network;
    this.#totals.fill(0);
    for (let position = 0; position < count; position += capacity) {
      const rows = Math.min(capacity, count - position);
      gather.position = position;
      const done =
        this.#runAll(gather.ops, rows) &&
        this.#runAll(this.#network.forward, rows) &&
        this.#run(this.#loss, rows);
      if (!done) return null;
    }
    return {
      loss: this.#totals[0] / count,
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
    this.#epochSteps = 0;
  }

  #runAll(ops: readonly Op[], rows: number): boolean {
    for (const op of ops) if (!this.#run(op, rows)) return false;
    return true;
  }

  #run(op: Op, rows: number): boolean {
    for (let part = 0; part < op.parts; part++) {
      op.run(part, rows);
      if (this.#poll()) return false;
    }
    return true;
  }

  #update(): void {
    this.#step++;
    for (const trained of this.#trained) {
      this.#optimizer.update(
        this.#kernels,
        this.#config.optimizer,
        trained,
        this.learningRate,
        this.#step,
      );
    }
  }

  #measure(rows: number): void {
    const dataLoss = this.#totals[0] / rows;
    let cost = dataLoss;
    for (let i = 0; i < this.#trained.length; i++) {
      const weights = this.#norms[2 * i];
      this.ratios[i] = Math.sqrt(this.#norms[2 * i + 1] / weights);
      const { l2 } = this.#trained[i];
      if (l2 !== 0) cost += 0.5 * l2 * weights;
    }
    this.last.loss = cost;
    this.last.dataLoss = dataLoss;
    this.last.learningRate = this.learningRate;
    this.#epochCost += cost;
    this.#epochDataLoss += dataLoss;
    this.#epochSteps++;
    this.#epochTotals.right += this.#totals[1];
    this.#epochTotals.squares += this.#totals[2];
    this.#epochTotals.examples += rows;
  }
}
