import { totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { jsonLine } from '../events/json-line.ts';
import type { FinishedEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { launchRun } from '../session/launch.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { readConfigSource } from './config-source.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { TrainView } from './train-view.ts';

/** A WebAssembly memory cannot be larger. */
const LARGEST_RUN_BYTES = 4 * 2 ** 30;

export interface VerbOptions {
  set: string[];
  json: boolean;
}

/** Trains a config in a worker thread and tells how it goes. Returns the exit code. */
export async function trainVerb(
  config: string,
  options: VerbOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  const run = launchRun(
    {
      configFile: source.file,
      configText: source.text,
      runsFolder: join(dirname(source.file), '.trainscope', 'runs'),
      readableRoots: null,
    },
    { workerFile, budget: new MemoryBudget(Math.min(LARGEST_RUN_BYTES, totalmem())) },
  );
  const stop = () => void run.stop().catch(() => {});
  output.onClosed(stop);
  const interrupt = onInterrupt(() => {
    if (!options.json) output.notice('Stopping; press Ctrl-C again to end at once.');
    stop();
  });
  const view = options.json ? null : new TrainView(output.screen);
  run.onEvents((events) => {
    if (view) view.show(events);
    else for (const event of events) output.screen.write(`${jsonLine(event)}\n`);
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

function exitCode({ reason, findings }: FinishedEvent): number {
  if (reason === 'failed') return 2;
  const bad = reason === 'diverged' || findings.some(({ severity }) => severity === 'error');
  return bad ? 1 : 0;
}
