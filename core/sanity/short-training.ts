import { floats } from '../training/arena.ts';
import type { Trainer } from '../training/trainer.ts';
import type { CheckContext } from './context.ts';
import { gainOf } from './rate-test.ts';
import { partOf, shuffled } from './sample.ts';
import { plain } from './variation.ts';

const STEPS = 100;
const MOST_BATCH = 2048;
const LEAST_STEPS = 20;
/** Batches that are trained on again and again. */
const BATCHES = 32;
/** What is left of a check's time is for the evaluations. */
const RESERVE_MS = 500;
/** The config's own rate is taken where it gains so much of what the best one does. */
const ENOUGH = 0.5;

/** What a short training of the config led to. */
export interface ShortTraining {
  steps: number;
  learningRate: number;
  /** Of each step: ‖∂L/∂W‖ over all parameters that are trained, before any clipping. */
  gradientNorms: number[];
  /** Data loss of the first batch: before the training, and after it as in training, at test time, and with inputs of 0. */
  before: number;
  trained: number;
  tested: number;
  zeroed: number;
}

export function shortTraining(context: CheckContext): ShortTraining | null {
  const { config, dataset, rateTest } = context;
  if (rateTest.suggested === null) return null;
  const wanted = config.training.batchSize;
  const count = context.fitting(MOST_BATCH);
  const batch = wanted === 'full' ? count : Math.min(wanted, count);
  const rows = shuffled(dataset, context.seed);
  const size = batch * Math.min(BATCHES, Math.max(1, Math.floor(rows.length / batch)));
  const sample = partOf(dataset, rows.subarray(0, size));
  const first = partOf(dataset, rows.subarray(0, batch)).train;
  const varied = plain(config, batch);
  const trainer = context.trainer(
    { ...varied, training: { ...varied.training, shuffle: false } },
    { ...sample, validation: first },
  );
  const isGood = gainOf(rateTest, rateTest.own) >= ENOUGH;
  const learningRate = isGood ? rateTest.own.rate : rateTest.suggested;
  trainer.learningRate = learningRate;
  const gradientNorms: number[] = [];
  let before = Number.NaN;
  const wantedSteps = Math.ceil(STEPS / trainer.stepsPerEpoch) * trainer.stepsPerEpoch;
  while (trainer.step < wantedSteps) {
    if (!trainer.trainStep()) return null;
    if (trainer.step === 1) before = trainer.last.dataLoss;
    gradientNorms.push(gradientNorm(trainer));
    context.report(trainer.step / wantedSteps);
    // The next batch must be the first one again.
    const isWhole = trainer.step % trainer.stepsPerEpoch === 0;
    if (isWhole && trainer.step >= LEAST_STEPS && context.left < RESERVE_MS) break;
  }
  const { step: steps } = trainer;
  const tested = trainer.evaluate()?.loss ?? Number.NaN;
  const scale = floats(trainer.memory, trainer.plan.scale, trainer.plan.features);
  const kept = scale.slice();
  scale.fill(0);
  const zeroed = trainer.evaluate()?.loss ?? Number.NaN;
  scale.set(kept);
  trainer.learningRate = 0;
  if (!trainer.trainStep()) return null;
  const trained = trainer.last.dataLoss;
  return { steps, learningRate, gradientNorms, before, trained, tested, zeroed };
}

function gradientNorm({ memory, plan }: Trainer): number {
  let squares = 0;
  for (const { gradient, trained } of plan.network.parameters) {
    if (!trained) continue;
    for (const value of floats(memory, gradient.offset, gradient.size)) squares += value * value;
  }
  return Math.sqrt(squares);
}
