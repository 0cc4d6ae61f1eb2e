import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { TrainMetrics } from '../../../core/events/run-event.ts';
import type { SweepEvent, TrialEvent } from '../../../core/events/sweep-event.ts';
import type { Executor, TrialOutcome, TrialTask } from '../../../core/sweep/executor.ts';
import type { SweepRequest } from '../../../core/sweep/open.ts';
import { runSweep, type SweepHost } from '../../../core/sweep/sweep.ts';

/** Two keys, two stages; trials are made up by `PretendedTrials`. */
export const CONFIG = `data: { source: spiral }
model: { layers: [dense: 8, relu, dense: 3] }
training: { epochs: 9, seed: 4 }
sweep:
  parameters:
    optimizer.learningRate: { log: [1e-4, 1] }
    regularization.l2: { log: [1e-6, 1e-2] }
  stages: [{ trials: 12, epochs: 3 }, { trials: 6, epochs: 9 }]
`;

/** A folder with this config; it vanishes with the test. */
export async function requestOf(configText = CONFIG): Promise<SweepRequest> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope sweep ü-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'a.train.yaml');
  await writeFile(configFile, configText);
  return { configFile, configText, sweepsFolder: join(folder, '.trainscope/sweeps'), resume: null };
}

/**
 * Trials whose scores are a function of their rate and epoch, and which end in an order of their own: nothing is
 * trained and no run has a folder.
 */
export class PretendedTrials implements Executor {
  readonly tasks: TrialTask[] = [];
  disposed = false;
  readonly parallel: number;
  readonly #delayOf: (task: TrialTask) => number;
  readonly #outcomeOf: (task: TrialTask) => Partial<TrialOutcome> | Error;

  constructor({
    parallel = 3,
    delayOf = () => 0,
    outcomeOf = () => ({}),
  }: {
    parallel?: number;
    delayOf?: (task: TrialTask) => number;
    outcomeOf?: (task: TrialTask) => Partial<TrialOutcome> | Error;
  } = {}) {
    this.parallel = parallel;
    this.#delayOf = delayOf;
    this.#outcomeOf = outcomeOf;
  }

  run(task: TrialTask, reports: Parameters<Executor['run']>[1]) {
    this.tasks.push(task);
    const rate = Number(/learningRate: ([\d.e+-]+)/.exec(task.configText)![1]);
    const all = Number(/epochs: (\d+)/.exec(task.configText)![1]);
    let stop = () => {};
    const stopped = new Promise<TrialOutcome>((resolve) => {
      stop = () => resolve({ state: 'stopped', epochs: 0, train: null, validation: null });
    });
    const trained = async (): Promise<TrialOutcome> => {
      await new Promise((resolve) => setTimeout(resolve, this.#delayOf(task)));
      const told = this.#outcomeOf(task);
      if (told instanceof Error) throw told;
      const end = task.until ?? all;
      let train: TrainMetrics | null = null;
      for (let epoch = 1; epoch <= end; epoch++) {
        const accuracy = (1 - Math.abs(Math.log10(rate) + 2) / 4) * (epoch / (epoch + 1));
        train = { loss: 1 - accuracy, dataLoss: 1 - accuracy, accuracy, rmse: null, r2: null };
        reports.epoch({ epoch, train, validation: train });
      }
      const state = end < all ? 'waits' : 'completed';
      return { state, epochs: end, train, validation: train, ...told };
    };
    return { done: Promise.race([trained(), stopped]), stop };
  }

  dispose() {
    this.disposed = true;
    return Promise.resolve();
  }
}

/** Does a sweep and tells all of its events. */
export async function sweepOf(
  request: SweepRequest,
  executor: Executor = new PretendedTrials(),
  host: Partial<SweepHost> = {},
) {
  const events: SweepEvent[] = [];
  const result = await runSweep(request, {
    executor,
    tell: (event) => events.push(event),
    decide: async () => ({}),
    signal: new AbortController().signal,
    ...host,
  });
  const trials = events
    .filter((event): event is TrialEvent => event.type === 'trial')
    .sort((a, b) => a.number - b.number);
  return { result, events, trials };
}
