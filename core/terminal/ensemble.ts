import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { makeEnsemble } from '../ensemble/ensemble.ts';
import type { EnsembleEvent } from '../ensemble/protocol.ts';
import { jsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { readConfigSource } from './config-source.ts';
import { EnsembleView } from './ensemble-view.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { ensemblesBeside } from './run-name.ts';
import type { VerbOptions } from './train.ts';

export interface EnsembleOptions extends VerbOptions {
  compare: boolean;
}

/** Trains and compares ensembles. Returns the exit code: 1 where a training diverged. */
export async function ensembleVerb(
  config: string,
  options: EnsembleOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  const source = await readConfigSource(config, options.set);
  const stop = new AbortController();
  output.onClosed(() => stop.abort());
  const interrupt = onInterrupt(() => {
    if (!options.json) output.notice('Stopping; press Ctrl-C again to end at once.');
    stop.abort();
  });
  const view = options.json ? null : new EnsembleView(output.screen, source.name);
  let diverged = false;
  const tell = (event: EnsembleEvent) => {
    if (event.type === 'member' && event.reason === 'diverged') diverged = true;
    if (view) view.show(event);
    else if (event.type !== 'progress') output.screen.write(`${jsonLine(event)}\n`);
  };
  try {
    await makeEnsemble(
      {
        configFile: source.file,
        configText: source.text,
        readableRoots: null,
        folder: ensemblesBeside(dirname(source.file)),
        compare: options.compare,
      },
      {
        workerFile,
        budget: new MemoryBudget(totalmem()),
        workers: availableParallelism(),
        signal: stop.signal,
        tell,
      },
    );
    return diverged ? 1 : 0;
  } catch (error) {
    view?.clear();
    if (interrupt.interrupted()) return INTERRUPTED;
    if (stop.signal.aborted) return 0;
    const told = error instanceof UserError ? source.blame(error) : error;
    if (!diverged) throw told;
    output.error(told);
    return 1;
  } finally {
    interrupt.dispose();
  }
}
