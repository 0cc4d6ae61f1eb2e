import { availableParallelism } from 'node:os';
import type { Config } from '../../core/config/index.ts';
import type { Dataset } from '../../core/data/dataset.ts';
import { encodeEvent } from '../../core/events/codec.ts';
import { FORMAT_VERSION, type StartedEvent } from '../../core/events/run-event.ts';
import { Inspector } from '../../core/inspection/inspector.ts';
import { TensorBoardWriter } from '../../core/runs/tensorboard.ts';
import { type Plan, planTraining } from '../../core/training/plan.ts';
import type { Trainer } from '../../core/training/trainer.ts';
import { type Figure, median, type Outcome } from './figures.ts';
import { withFolder } from './scratch.ts';
import { randomDataset, trainerOn } from './step/ours.ts';
import { configOf, WORKLOADS } from './step/workloads.ts';

const ROUNDS = 9;
/** Of steps in a round, all of them together. */
const ROUND_MS = 300;
/** As many as a config has that does not say. */
const EPOCHS = 10;
const PAIRS = 2;
/** As many as MNIST has. */
const EXAMPLES = 60_000;
const EVERY_STEP: { [name: string]: number | null } = { big: 1.25, mnist: 1.6, cifarcnn: null };
const DEFAULT: { [name: string]: number | null } = { mnist: 2, cs231n: 2 };
const COARSE = 1e-3;

/** Steps with inspection, against the same steps without. */
export async function benchInspect(): Promise<Outcome> {
  const figures: Figure[] = [];
  for (const [name, aim] of Object.entries(EVERY_STEP)) {
    const value = await everyStep(name);
    figures.push({ name: `${name}: a step, all measured / a bare step`, value, unit: '×', aim });
  }
  for (const [name, aim] of Object.entries(DEFAULT)) {
    const value = await defaultCadence(name);
    figures.push({
      name: `${name}: what the default cadence adds to ${EPOCHS} epochs of ${EXAMPLES}`,
      value,
      unit: '%',
      aim,
    });
  }
  return { figures };
}

/** A trainer, who looks into it, and where that is written. */
interface Run {
  trainer: Trainer;
  inspector: Inspector | null;
  tensorBoard: TensorBoardWriter | null;
}

async function runOf(config: Config, dataset: Dataset, folder?: string): Promise<Run> {
  const trainer = await trainerOn(dataset, config, availableParallelism());
  const plan = planTraining(config, dataset);
  const tensorBoard = folder === undefined ? null : new TensorBoardWriter(folder, started(plan));
  return { trainer, inspector: Inspector.of(config, trainer), tensorBoard };
}

/** As far as TensorBoard's file is concerned. */
function started({ summary, stepsPerEpoch, batchSize }: Plan): StartedEvent {
  return {
    ...{ type: 'started', formatVersion: FORMAT_VERSION, startedAt: 0, name: '', config: '' },
    ...{ task: 'classification', plan: summary, kernels: 'simd', threads: 1, seed: 1 },
    ...{ epochs: EPOCHS, stepsPerEpoch, batchSize },
  };
}

/** What a session does with them. */
function step(run: Run): void {
  const { trainer, inspector } = run;
  trainer.trainStep(inspector?.moments.measurement(trainer.step + 1));
  look(run);
}

function look({ inspector, tensorBoard }: Run): void {
  for (const event of inspector?.look(0) ?? []) {
    encodeEvent(event);
    tensorBoard?.add(event);
  }
  tensorBoard?.flush();
}

/** Milliseconds of so many steps. */
function time(run: Run, steps: number): number {
  const start = performance.now();
  for (let i = 0; i < steps; i++) step(run);
  return performance.now() - start;
}

const named = (name: string) => WORKLOADS.find((workload) => workload.name === name)!;

/** The ratio of the medians of interleaved rounds. */
async function everyStep(name: string): Promise<number> {
  const dataset = randomDataset(named(name), 20 * named(name).batch);
  const runs: Run[] = [];
  for (const inspect of ['none', { everySteps: 1 }]) {
    const config = configOf(named(name), inspect);
    // The end of an epoch is rare, as it is with more data.
    config.training.epochs = 1e6;
    runs.push(await runOf(config, dataset));
  }
  const warm = runs.map((run) => time(run, 20) / 20);
  const steps = Math.max(3, Math.round(ROUND_MS / Math.max(warm[0]!, COARSE)));
  const times = runs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, run] of runs.entries()) times[i]!.push(time(run, steps));
  for (const { trainer } of runs) await trainer.dispose();
  return median(times[1]!) / median(times[0]!);
}

/** Percent of the time of whole runs, the median of pairs. */
async function defaultCadence(name: string): Promise<number> {
  const dataset = randomDataset(named(name), EXAMPLES);
  const wholeRun = (inspect: unknown, epochs = EPOCHS) =>
    withFolder(async (folder) => {
      const config = configOf(named(name), inspect);
      config.training.epochs = epochs;
      const run = await runOf(config, dataset, folder);
      const start = performance.now();
      look(run);
      time(run, epochs * run.trainer.stepsPerEpoch);
      const ms = performance.now() - start;
      run.tensorBoard?.close();
      await run.trainer.dispose();
      return ms;
    });
  await wholeRun({ everyEpochs: 1 }, 1);
  const shares: number[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const bare = await wholeRun('none');
    shares.push((100 * (await wholeRun({ everyEpochs: 1 }))) / bare - 100);
  }
  return median(shares);
}
