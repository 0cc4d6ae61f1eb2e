import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../extension/development/project.ts';
import { median, type Outcome } from './figures.ts';
import { withFolder } from './scratch.ts';

/** The command line as it is shipped. */
const CLI = join(projectRoot, 'dist/cli.js');
/** Of trainings, by each of the two; in turns, so that whatever else the machine does hits both. */
const ROUNDS = 3;
const TRIALS_A_CORE = 4;
const EPOCHS = 30;
/** A sweep reaches at least 95 % of the throughput of independent processes: so much of their time. */
const AIM = 1.05;

const CONFIG = `data: { source: spiral, examples: 4000 }
model: { layers: [dense: 128, relu, dense: 128, relu, dense: 3] }
optimizer: { type: sgd, learningRate: 0.01, momentum: 0.9 }
training: { epochs: ${EPOCHS}, batchSize: 64, threads: 1 }
inspect: none
`;

const sweepOf = (trials: number, parallel: number) => `${CONFIG}sweep:
  parameters: { optimizer.learningRate: { log: [1e-3, 1e-2] } }
  stages: [{ trials: ${trials} }]
  executor: { type: threads, maxParallel: ${parallel} }
`;

/**
 * How long a sweep takes for its trials on one core and on all of them, beside as many trainings in processes of
 * their own, as many at a time.
 */
export function benchSweep(): Promise<Outcome> {
  const cores = availableParallelism();
  return withFolder(async (folder) => {
    const widths = cores > 1 ? [1, cores] : [1];
    const took = new Map<string, number[]>();
    const note = (name: string, ms: number) => took.set(name, [...(took.get(name) ?? []), ms]);
    for (let round = 0; round < ROUNDS; round++) {
      for (const width of widths) {
        note(`sweep ${width}`, await sweepTime(folder, width));
        note(`processes ${width}`, await processesTime(folder, width));
      }
    }
    const of = (name: string) => median(took.get(name) ?? []);
    return {
      figures: [
        ...widths.flatMap((width) => {
          const trials = width * TRIALS_A_CORE;
          const where = `${trials} trials, ${width} at a time`;
          return [
            figure(`sweep: ${where}`, of(`sweep ${width}`), 'ms', null),
            figure(`processes: ${where}`, of(`processes ${width}`), 'ms', null),
            figure(
              `sweep / processes: ${where}`,
              of(`sweep ${width}`) / of(`processes ${width}`),
              '×',
              AIM,
            ),
          ];
        }),
        figure(
          `sweep: trials a second on ${cores} cores / on one`,
          (cores * of('sweep 1')) / of(`sweep ${cores}`),
          '×',
          null,
        ),
      ],
    };
  });
}

async function sweepTime(folder: string, width: number): Promise<number> {
  const config = join(folder, `sweep-${width}.train.yaml`);
  await writeFile(config, sweepOf(width * TRIALS_A_CORE, width));
  const began = performance.now();
  await ended(spawn(process.execPath, [CLI, 'sweep', config, '--json'], { stdio: 'ignore' }));
  return performance.now() - began;
}

async function processesTime(folder: string, width: number): Promise<number> {
  const config = join(folder, 'alone.train.yaml');
  await writeFile(config, CONFIG);
  const began = performance.now();
  const lane = async () => {
    for (let i = 0; i < TRIALS_A_CORE; i++)
      await ended(spawn(process.execPath, [CLI, 'train', config, '--json'], { stdio: 'ignore' }));
  };
  await Promise.all(Array.from({ length: width }, lane));
  return performance.now() - began;
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`A process of the measurement ended with ${code}.`);
}

const figure = (name: string, value: number, unit: string, aim: number | null) => ({
  name,
  value,
  unit,
  aim,
});
