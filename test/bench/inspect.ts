import { availableParallelism } from 'node:os';
import type { Config } from '../../core/config/index.ts';
import type { Dataset } from '../../core/data/dataset.ts';
import { encodeEvent } from '../../core/events/codec.ts';
import { Inspector } from '../../core/inspection/inspector.ts';
import type { Trainer } from '../../core/training/trainer.ts';
import { type Figure, median, type Outcome } from './figures.ts';
import { randomDataset, trainerOn } from './step/ours.ts';
import { configOf, WORKLOADS } from './step/workloads.ts';

const ROUNDS = 9;
/** Of steps in a round, all of them together. */
const ROUND_MS = 300;
/** As many as a config has that does not say. */
const EPOCHS = 10;
const RUNS = 3;
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

/** A trainer and who looks into it. */
interface Run {
  trainer: Trainer;
  inspector: Inspector | null;
}

async function runOf(config: Config, dataset: Dataset): Promise<Run> {
  const trainer = await trainerOn(dataset, config, availableParallelism());
  return { trainer, inspector: Inspector.of(config, trainer) };
}

/** What a session does with them, short of the disk. */
function step({ trainer, inspector }: Run): void {
  trainer.trainStep(inspector?.moments.measurement(trainer.step + 1));
  for (const event of inspector?.look(0) ?? []) encodeEvent(event);
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
  const wholeRun = async (inspect: unknown): Promise<number> => {
    const config = configOf(named(name), inspect);
    config.training.epochs = EPOCHS;
    const run = await runOf(config, dataset);
    for (const event of run.inspector?.look(0) ?? []) encodeEvent(event);
    const ms = time(run, EPOCHS * run.trainer.stepsPerEpoch);
    await run.trainer.dispose();
    return ms;
  };
  const shares: number[] = [];
  await wholeRun('none');
  for (let round = 0; round < RUNS; round++) {
    const bare = await wholeRun('none');
    shares.push((100 * (await wholeRun({ everyEpochs: 1 }))) / bare - 100);
  }
  return median(shares);
}
