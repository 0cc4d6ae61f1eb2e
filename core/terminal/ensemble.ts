import { existsSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { makeEnsemble } from '../ensemble/ensemble.ts';
import type { EnsembleEvent } from '../ensemble/protocol.ts';
import { jsonLine } from '../events/json-line.ts';
import type { FinishReason } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { MemoryBudget } from '../session/memory-budget.ts';
import { readConfigSource } from './config-source.ts';
import { EnsembleView } from './ensemble-view.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import { ensemblesBeside, runNamed } from './run-name.ts';
import type { VerbOptions } from './train.ts';

/** What is told for those who draw it, and needs no line. */
const FOR_VIEWS: ReadonlySet<EnsembleEvent['type']> = new Set(['begun', 'progress', 'inputs']);

export interface EnsembleOptions extends VerbOptions {
  compare: boolean;
  /** The folder of an earlier ensemble, or its name among the ensembles of this config. */
  resume?: string;
}

const EXIT_CODES: { [reason in FinishReason]?: number } = { diverged: 1, failed: 2 };

/** Trains and compares ensembles. Returns the exit code: where none could be made, 1 if a training diverged, 2 if one failed. */
export async function ensembleVerb(
  config: string,
  options: EnsembleOptions,
  output: Output,
  workerFile: string,
): Promise<number> {
  if (options.resume !== undefined && (options.set.length > 0 || options.compare))
    throw new UserError(
      '--set and --compare cannot be combined with --resume: an ensemble goes on with the config that it began with, and makes what it was to make.',
    );
  const source = await readConfigSource(config, options.set);
  const folder = ensemblesBeside(dirname(source.file));
  const resume = options.resume === undefined ? null : runNamed(options.resume, folder);
  let made: string | null = resume;
  const stop = new AbortController();
  output.onClosed(() => stop.abort());
  const interrupt = onInterrupt(() => {
    if (!options.json) output.notice('Stopping; press Ctrl-C again to end at once.');
    stop.abort();
  });
  const view = options.json ? null : new EnsembleView(output.screen, source.name);
  let worst = 0;
  const tell = (event: EnsembleEvent) => {
    if (event.type === 'begun') made = event.folder;
    if (event.type === 'member') worst = Math.max(worst, EXIT_CODES[event.reason] ?? 0);
    if (view) view.show(event);
    else if (!FOR_VIEWS.has(event.type)) output.screen.write(`${jsonLine(event)}\n`);
  };
  try {
    await makeEnsemble(
      {
        configFile: source.file,
        configText: source.text,
        readableRoots: null,
        folder,
        compare: options.compare,
        resume,
      },
      {
        workerFile,
        budget: new MemoryBudget(totalmem()),
        workers: availableParallelism(),
        signal: stop.signal,
        tell,
      },
    );
    return 0;
  } catch (error) {
    view?.clear();
    if (interrupt.interrupted()) {
      if (!options.json && made !== null && existsSync(made))
        output.notice(`The ensemble goes on with --resume ${made}`);
      return INTERRUPTED;
    }
    if (stop.signal.aborted) return 0;
    const told = error instanceof UserError ? source.blame(error) : error;
    if (worst === 0) throw told;
    output.error(told);
    return worst;
  } finally {
    interrupt.dispose();
  }
}
