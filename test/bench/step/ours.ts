import { join } from 'node:path';
import type { Config } from '../../../core/config/index.ts';
import type { Dataset } from '../../../core/data/dataset.ts';
import { RandomStream } from '../../../core/data/random.ts';
import type { KernelVariant } from '../../../core/events/run-event.ts';
import { sizeOf } from '../../../core/network/layers/layer.ts';
import { planTraining } from '../../../core/training/plan.ts';
import { Trainer } from '../../../core/training/trainer.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { median } from '../figures.ts';
import { configOf, type Workload } from './workloads.ts';

/** The bundle that the product starts its threads from. */
const WORKER = join(projectRoot, 'dist/worker.js');

/** A trainer of this workload on one batch of normal numbers. */
export async function trainerOf(
  workload: Workload,
  threads: number,
  variant?: KernelVariant,
): Promise<Trainer> {
  return trainerOn(randomDataset(workload), configOf(workload), threads, variant);
}

export async function trainerOn(
  dataset: Dataset,
  config: Config,
  threads: number,
  variant?: KernelVariant,
): Promise<Trainer> {
  const plan = planTraining(config, dataset, threads);
  const trainer = new Trainer(config, dataset, plan, () => false, variant);
  await trainer.openThreads(WORKER);
  return trainer;
}

/** Median microseconds of a step. */
export function timeSteps(trainer: Trainer, repetitions: number): number {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    trainer.trainStep();
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}

/** Normal numbers, those of the first batch over and over. */
export function randomDataset({ input, classes, batch }: Workload, examples = batch): Dataset {
  const random = new RandomStream(1, 'bench');
  const features = sizeOf(input);
  const inputs = new Float32Array(examples * features);
  const first = inputs.subarray(0, batch * features);
  random.fillNormal(first, 1);
  for (let at = first.length; at < inputs.length; at += first.length)
    inputs.set(first.subarray(0, inputs.length - at), at);
  const labels = Int32Array.from({ length: examples }, () => random.integer(classes));
  const indices = Uint32Array.from({ length: examples }, (_, i) => i);
  const none = new Float64Array(features);
  return {
    task: 'classification',
    shape: input,
    outputs: classes,
    classes: Array.from({ length: classes }, (_, i) => String(i)),
    train: { store: { count: examples, inputs, labels, targets: null }, indices },
    validation: null,
    preprocessing: null,
    rotation: null,
    targetScaling: null,
    statistics: {
      type: 'data',
      trainExamples: examples,
      validationExamples: 0,
      classes: null,
      classCounts: null,
      mean: none,
      std: none,
      min: none,
      max: none,
      nonFinite: 0,
    },
  };
}
