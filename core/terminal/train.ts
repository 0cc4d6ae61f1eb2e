import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { jsonLine } from '../events/json-line.ts';
import type { FinishedEvent, RunEvent, StartedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { readOutline } from '../runs/outline.ts';
import { LOG_FILE } from '../runs/run-folder.ts';
import { launchRun } from '../session/launch.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { readConfigSource } from './config-source.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { runNamed, runsBeside } from './run-name.ts';
import { seedCount, trainSeeds } from './train-seeds.ts';
import { TrainView } from './train-view.ts';

/** A WebAssembly memory cannot be larger. */
export const LARGEST_RUN_BYTES = 4 * 2 ** 30;

/** What is inside the network fills screens: it is in the log, and `inspect` prints it. */
const INSIDE: ReadonlySet<RunEvent['type']> = new Set(['distributions', 'activity', 'weights']);

export interface VerbOptions {
  set: string[];
  json: boolean;
}

export interface TrainOptions extends VerbOptions {
  /** The folder of an earlier run, or its name among the runs of this config. */
  resume?: string;
  /** With how many seeds. */
  seeds?: string;
}

/** Trains a config in a worker thread and tells how it goes. Returns the exit code. */
export async function trainVerb(
  config: string,
  options: TrainOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  if (options.seeds !== undefined) {
    if (options.resume !== undefined)
      throw new UserError('--seeds cannot be combined with --resume: a run has one seed.');
    return trainSeeds(source, seedCount(options.seeds), options.json, output, workerFile);
  }
  const runsFolder = runsBeside(dirname(source.file));
  const resume = options.resume === undefined ? undefined : runNamed(options.resume, runsFolder);
  const run = launchRun(
    {
      configFile: source.file,
      configText: source.text,
      runsFolder,
      readableRoots: null,
      resume,
    },
    {
      workerFile,
      budget: new MemoryBudget(Math.min(LARGEST_RUN_BYTES, totalmem())),
      threads: availableParallelism(),
    },
  );
  const stop = () => void run.stop().catch(() => {});
  output.onClosed(stop);
  const interrupt = onInterrupt(() => {
    if (!options.json) output.notice('Stopping; press Ctrl-C again to end at once.');
    stop();
  });
  const earlier = resume === undefined ? null : await startOf(resume);
  const view = options.json ? null : new TrainView(output.screen, source, earlier);
  run.onEvents((events) => {
    if (view) view.show(events);
    else
      for (const event of events)
        if (!INSIDE.has(event.type)) output.screen.write(`${jsonLine(event)}\n`);
  });
  try {
    const finished = await run.done;
    return interrupt.interrupted() ? INTERRUPTED : exitCode(finished);
  } catch (error) {
    throw error instanceof UserError ? source.blame(error) : error;
  } finally {
    interrupt.dispose();
  }
}

/** How an earlier run began; null where that cannot be read. */
async function startOf(run: string): Promise<StartedEvent | null> {
  const [first] = await readOutline(join(run, LOG_FILE)).catch(() => []);
  return first?.type === 'started' ? first : null;
}

function exitCode({ reason, findings }: FinishedEvent): number {
  if (reason === 'failed') return 2;
  const bad = reason === 'diverged' || findings.some(({ severity }) => severity === 'error');
  return bad ? 1 : 0;
}
