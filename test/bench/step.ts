import { configSchema } from '../../core/config/index.ts';
import type { Dataset } from '../../core/data/dataset.ts';
import { RandomStream } from '../../core/data/random.ts';
import type { KernelVariant } from '../../core/events/run-event.ts';
import { planTraining } from '../../core/training/plan.ts';
import { Trainer } from '../../core/training/trainer.ts';
import { type Figure, median, type Outcome } from './figures.ts';
import { type PyTorch, startPyTorch } from './pytorch.ts';

/** A full training step: gather, forward, loss, backward, momentum update. */
export interface Workload {
  name: string;
  sizes: number[];
  batch: number;
}

const workloads: Workload[] = [
  { name: 'tiny 2-16-16-2', sizes: [2, 16, 16, 2], batch: 32 },
  { name: 'mnist 784-128-10', sizes: [784, 128, 10], batch: 64 },
  { name: 'big 784-512-512-10', sizes: [784, 512, 512, 10], batch: 128 },
];

/** The workload whose time against PyTorch is a figure, and its aim. */
const MEASURED = 'mnist 784-128-10';
const AIM = 1.5;

const ROUNDS = 9;

export interface StepRow {
  name: string;
  us: number;
  plainUs: number;
  pytorchUs: number | null;
  /** PyTorch's time on one thread over ours: above 1 we are faster. */
  ratio: number | null;
  gflops: number;
}

function randomDataset({ sizes, batch }: Workload): Dataset {
  const random = new RandomStream(1, 'bench');
  const [features] = sizes;
  const outputs = sizes[sizes.length - 1];
  const inputs = new Float32Array(batch * features);
  random.fillNormal(inputs, 1);
  const labels = Int32Array.from({ length: batch }, () => random.integer(outputs));
  const indices = Uint32Array.from({ length: batch }, (_, i) => i);
  const none = new Float64Array(features);
  return {
    task: 'classification',
    shape: [features],
    outputs,
    classes: Array.from({ length: outputs }, (_, i) => String(i)),
    train: { store: { count: batch, inputs, labels, targets: null }, indices },
    validation: null,
    preprocessing: null,
    rotation: null,
    targetScaling: null,
    statistics: {
      type: 'data',
      trainExamples: batch,
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

function trainerOf(workload: Workload, variant: KernelVariant): Trainer {
  const dense = workload.sizes.slice(1).map((units) => ({ dense: units }));
  const layers = dense.flatMap((layer, i) => (i === 0 ? [layer] : ['relu', layer]));
  const config = configSchema.parse({
    data: { source: 'unused.csv' },
    model: { layers },
    optimizer: { type: 'sgd', learningRate: 1e-3, momentum: 0.9 },
    training: { batchSize: workload.batch },
  });
  const dataset = randomDataset(workload);
  return new Trainer(config, dataset, planTraining(config, dataset), () => false, variant);
}

function timeSteps(trainer: Trainer, repetitions: number): number {
  const times: number[] = [];
  for (let i = 0; i < repetitions; i++) {
    const start = performance.now();
    trainer.trainStep();
    times.push((performance.now() - start) * 1000);
  }
  return median(times);
}

/** Median microseconds of a step, ours and PyTorch's in turns, so that both feel the same machine. */
async function timeWorkloads(pytorch: PyTorch | null): Promise<StepRow[]> {
  const rows: StepRow[] = [];
  for (const workload of workloads) {
    const { name, sizes, batch } = workload;
    const repetitions = sizes[1] > 256 ? 30 : sizes[0] > 64 ? 200 : 2000;
    const trainers = (['relaxed-simd', 'simd'] as const).map((v) => trainerOf(workload, v));
    for (const trainer of trainers) timeSteps(trainer, repetitions);
    const times: number[][] = [[], [], []];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, trainer] of trainers.entries()) times[i].push(timeSteps(trainer, repetitions));
      if (pytorch) times[2].push(await pytorch.step({ sizes, batch, repetitions }));
    }
    const [us, plainUs] = [median(times[0]), median(times[1])];
    const pytorchUs = pytorch ? median(times[2]) : null;
    // Forward and weight gradient of every layer, input gradient of all but the first.
    const products = sizes.slice(1).map((units, i) => 2 * batch * sizes[i] * units * (i ? 3 : 2));
    const flops = products.reduce((a, b) => a + b, 0);
    rows.push({
      name: `${name} (${batch})`,
      us,
      plainUs,
      pytorchUs,
      ratio: pytorchUs === null ? null : pytorchUs / us,
      gflops: flops / us / 1000,
    });
  }
  return rows;
}

/** The training step, and how long it takes against PyTorch's. */
export async function benchStep(): Promise<Outcome> {
  const pytorch = await startPyTorch();
  if (!pytorch) console.error('No PyTorch in the system Python: its column stays empty.');
  const workloads = await timeWorkloads(pytorch);
  pytorch?.close();
  const row = workloads.find(({ name }) => name.startsWith(MEASURED))!;
  const figure: Figure = {
    name: `training step, ${row.name}, in those of PyTorch on one thread`,
    value: row.pytorchUs === null ? null : row.us / row.pytorchUs,
    unit: '×',
    aim: AIM,
  };
  return { workloads, figures: [figure] };
}
