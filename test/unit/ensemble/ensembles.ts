import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { makeEnsemble } from '../../../core/ensemble/ensemble.ts';
import type { EnsembleEvent } from '../../../core/ensemble/protocol.ts';
import { MemoryBudget } from '../../../core/session/memory-budget.ts';
import { workerFile } from '../session/runs.ts';

/** Three arms, which a small network learns in part: members differ. */
export const ARMS = `data: { source: spiral, examples: 400, noise: 0.1, preprocess: [standardize] }
model:
  layers: [dense: 24, batchNorm, relu, dropout: 0.2, dense: 3]
optimizer: { type: sgd, learningRate: 0.2, momentum: 0.9 }
schedule: { type: cosineRestarts, period: 2 }
training: { epochs: 6, batchSize: 32, seed: 4, ema: 0.9, checkpoint: { every: 2 } }
`;

export interface Made {
  events: EnsembleEvent[];
  folder: string;
  /** What is kept of it. */
  result: string;
}

/** Makes an ensemble of a config in a folder that vanishes with the test file. */
export async function ensembleOf(
  configText: string,
  {
    compare = false,
    workers = 2,
    signal = new AbortController().signal,
    budget = new MemoryBudget(2 ** 32),
    worker = workerFile,
  } = {},
): Promise<Made> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope ensemble ü-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'arms.train.yaml');
  await writeFile(configFile, configText);
  const events: EnsembleEvent[] = [];
  const tell = (event: EnsembleEvent) => void events.push(event);
  const ensembles = join(folder, '.trainscope', 'ensembles');
  await makeEnsemble(
    { configFile, configText, readableRoots: null, folder: ensembles, compare },
    { workerFile: worker, budget, workers, signal, tell },
  );
  const last = events.at(-1)!;
  if (last.type !== 'ensembles') throw new Error(`The last event is ${last.type}.`);
  const result = await readFile(join(last.folder, 'ensemble.json'), 'utf8');
  return { events, folder: last.folder, result };
}

/** Begins one, and ends it at the first event of which this holds; `goOn` makes the rest of it. */
export async function interruptedEnsemble(
  configText: string,
  isEnough: (event: EnsembleEvent) => boolean,
  { compare = false, workers = 1 } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope ensemble ü-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, 'arms.train.yaml');
  await writeFile(configFile, configText);
  const ensembles = join(folder, '.trainscope', 'ensembles');
  const make = async (resume: string | null, isLast: (event: EnsembleEvent) => boolean) => {
    const stop = new AbortController();
    const events: EnsembleEvent[] = [];
    const tell = (event: EnsembleEvent) => {
      events.push(event);
      if (isLast(event)) stop.abort(new Error('enough'));
    };
    const request = { configFile, configText, readableRoots: null, folder: ensembles };
    const ended = makeEnsemble(
      { ...request, compare: resume === null && compare, resume },
      { workerFile, budget: new MemoryBudget(2 ** 32), workers, signal: stop.signal, tell },
    );
    await ended.catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    });
    return { events };
  };
  const { events } = await make(null, isEnough);
  const [begun] = events;
  if (begun?.type !== 'begun') throw new Error('It has no folder.');
  return {
    events,
    folder: begun.folder,
    configFile,
    goOn: (isLast: (event: EnsembleEvent) => boolean = () => false) => make(begun.folder, isLast),
  };
}

export function ofType<T extends EnsembleEvent['type']>(
  { events }: Pick<Made, 'events'>,
  type: T,
): Extract<EnsembleEvent, { type: T }>[] {
  return events.filter(
    (event): event is Extract<EnsembleEvent, { type: T }> => event.type === type,
  );
}
