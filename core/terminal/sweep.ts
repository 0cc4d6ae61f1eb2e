import { dirname } from 'node:path';
import { jsonLine } from '../events/json-line.ts';
import type { RangesNow, SweepEvent } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { executorOf } from '../sweep/executor-of.ts';
import { readSweep, sweepsBeside } from '../sweep/log.ts';
import { sweepConfigOf } from '../sweep/open.ts';
import { rangesOf } from '../sweep/space.ts';
import { type Proposal, runSweep } from '../sweep/sweep.ts';
import { readConfigSource } from './config-source.ts';
import { INTERRUPTED, onInterrupt } from './interrupt.ts';
import { readNarrowing } from './narrowing.ts';
import type { Output } from './output.ts';
import { runNamed } from './run-name.ts';
import { SweepView } from './sweep-view.ts';
import type { VerbOptions } from './train.ts';

export interface SweepOptions extends VerbOptions {
  /** The folder of an earlier sweep, or its name among the sweeps of this config. */
  resume?: string;
  /** The last stage to do now. */
  stage?: string;
  /** Ranges of the next stage instead of the proposed ones: `path=lo..hi`. */
  narrow: string[];
  /** Instead of the config's `sweep.seeds`. */
  seeds?: string;
}

/** Searches a config's space and tells how it goes. Returns the exit code. */
export async function sweepVerb(
  config: string,
  options: SweepOptions,
  output: Output,
  workerFile: string,
  cliFile: string,
): Promise<number> {
  if (options.resume !== undefined && (options.set.length > 0 || options.seeds !== undefined))
    throw new UserError(
      '--set and --seeds cannot be combined with --resume: a sweep goes on with the config that it began with. Ranges of its next stage: --narrow path=lo..hi.',
    );
  const seeds = options.seeds === undefined ? [] : [`sweep.seeds=${options.seeds}`];
  const source = await readConfigSource(config, [...options.set, ...seeds]);
  const sweepsFolder = sweepsBeside(dirname(source.file));
  const resume = options.resume === undefined ? null : runNamed(options.resume, sweepsFolder);
  const text = resume === null ? source.text : beganWith(resume);
  const lastStage = stageNumber(options.stage);
  const stop = new AbortController();
  output.onClosed(() => stop.abort());
  const interrupt = onInterrupt(() => {
    if (!options.json) output.notice('Stopping; press Ctrl-C again to end at once.');
    stop.abort();
  });
  try {
    const { space, sweep, config: parsed } = sweepConfigOf(text, source.file);
    const narrowing = readNarrowing(options.narrow, space);
    const executor = executorOf(sweep.executor, { workerFile, cli: cliFile });
    const view = options.json
      ? null
      : new SweepView(output.screen, source, parsed, sweep, space, executor.parallel);
    let live = false;
    const tell = (event: SweepEvent) => {
      view?.show(event, live);
      if (options.json && event.type === 'trial') output.screen.write(`${jsonLine(event)}\n`);
    };
    const result = await runSweep(
      { configFile: source.file, configText: text, sweepsFolder, resume },
      {
        executor,
        tell,
        signal: stop.signal,
        decide: async (proposal) => {
          live = true;
          if (lastStage !== null && proposal.stage > lastStage) {
            view?.propose(proposal);
            return null;
          }
          return decided(proposal, narrowing);
        },
      },
    );
    const { complete, ...told } = result;
    if (options.json) output.screen.write(`${jsonLine(told)}\n`);
    else view?.end(result);
    if (interrupt.interrupted()) {
      if (!options.json) output.notice(`The sweep goes on with --resume ${told.run}`);
      return INTERRUPTED;
    }
    const bad = told.findings.some(({ severity }) => severity === 'error');
    return bad || (complete && told.best === null) ? 1 : 0;
  } catch (error) {
    throw error instanceof UserError ? source.blame(error) : error;
  } finally {
    interrupt.dispose();
  }
}

/** The config of a sweep that is to go on. */
function beganWith(folder: string): string {
  const [started] = readSweep(folder).events;
  return started?.type === 'sweepStarted' ? started.configText : '';
}

/** What the user wants of this stage; it counts for the first one that begins now. */
function decided({ space }: Proposal, narrowing: RangesNow): RangesNow {
  const ranges = { ...rangesOf(space), ...narrowing };
  for (const key of Object.keys(narrowing)) delete narrowing[key];
  return ranges;
}

function stageNumber(text: string | undefined): number | null {
  if (text === undefined) return null;
  const stage = Number(text);
  if (Number.isInteger(stage) && stage >= 1) return stage;
  throw new UserError(`--stage ${text}: expected the number of the last stage to do, from 1 on.`);
}
