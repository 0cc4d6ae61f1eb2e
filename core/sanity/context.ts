import { type Config, defaultLoss, type LossConfig } from '../config/index.ts';
import type { Dataset } from '../data/dataset.ts';
import { sizeOf } from '../network/layers/layer.ts';
import type { NamedTensor } from '../training/checkpoint/safetensors.ts';
import { placeTensors } from '../training/checkpoint/tensors.ts';
import { type Plan, planTraining } from '../training/plan.ts';
import { Trainer } from '../training/trainer.ts';
import { type FirstStep, firstStep } from './first-step.ts';
import { type RateTest, rateTest } from './rate-test.ts';
import { type ShortTraining, shortTraining } from './short-training.ts';

/** What a check may take, and what all of them together may, in milliseconds. */
const BOX_MS = 5000;
const ALL_MS = 9500;
/** Activations and their gradients of a pass take no more values than this. */
const MOST_VALUES = 2 ** 23;

/** A config that was prepared: its data are loaded, and its network fits them. */
export interface CheckedConfig {
  config: Config;
  dataset: Dataset;
  plan: Plan;
  /** What layers start from instead of their init. */
  start: NamedTensor[];
}

export interface CheckLimits {
  /** Milliseconds for each check, and for all. */
  box?: number;
  all?: number;
  /** Hears which share of the check under way is done. */
  onProgress?: (share: number) => void;
}

/**
 * What checks look at: the config, its data, and trainers over variations of them, each with an arena of its
 * own. What several need is done once, in the time of the first that asks.
 */
export class CheckContext {
  readonly config: Config;
  readonly dataset: Dataset;
  readonly plan: Plan;
  readonly seed: number;
  readonly loss: LossConfig;
  readonly #start: NamedTensor[];
  readonly #box: number;
  /** When all checks must be over. */
  readonly #end: number;
  readonly #onProgress: (share: number) => void;
  #deadline = Number.POSITIVE_INFINITY;
  #firstStep: FirstStep | null = null;
  #rateTest: RateTest | null = null;
  #shortTraining: ShortTraining | null = null;

  constructor(
    { config, dataset, plan, start }: CheckedConfig,
    { box = BOX_MS, all = ALL_MS, onProgress = () => {} }: CheckLimits = {},
  ) {
    this.#end = performance.now() + all;
    this.dataset = dataset;
    this.plan = plan;
    this.seed = config.training.seed;
    this.loss = config.loss ?? defaultLoss(dataset.task);
    if (this.loss.type === 'softmaxCrossEntropy' && plan.classWeights)
      this.loss = { ...this.loss, classWeights: plan.classWeights.values };
    this.config = { ...config, loss: this.loss };
    this.#start = start;
    this.#box = box;
    this.#onProgress = onProgress;
  }

  get classified(): boolean {
    return this.dataset.task === 'classification';
  }

  /** A check begins: it has its time from now on. */
  begin(): void {
    this.#deadline = Math.min(this.#end, performance.now() + this.#box);
  }

  /** What is left for the check under way, in milliseconds. */
  get left(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  report(share: number): void {
    this.#onProgress(share);
  }

  /** A trainer at its first step. Steps are abandoned once the check has had its time. */
  trainer(config: Config, dataset: Dataset): Trainer {
    const plan = planTraining(config, dataset);
    const trainer = new Trainer(config, dataset, plan, () => performance.now() > this.#deadline);
    placeTensors(trainer.memory, plan, this.#start);
    return trainer;
  }

  /** How many examples, up to that, a pass can take without filling the memory. */
  fitting(count: number): number {
    const { layers } = this.plan.network;
    const values = layers.reduce((sum, { shape }) => sum + sizeOf(shape.outputShape), 0);
    const most = Math.max(32, Math.floor(MOST_VALUES / values));
    return Math.min(count, most, this.dataset.train.indices.length);
  }

  /** The first step, measured; null: there was no time for it. */
  get firstStep(): FirstStep | null {
    this.#firstStep ??= firstStep(this);
    return this.#firstStep;
  }

  /** Short trainings with rates from one end to the other. */
  get rateTest(): RateTest {
    this.#rateTest ??= rateTest(this);
    return this.#rateTest;
  }

  /** A short training with the config's rate or, where that learns nothing, a better one; null: none does. */
  get shortTraining(): ShortTraining | null {
    this.#shortTraining ??= shortTraining(this);
    return this.#shortTraining;
  }
}
