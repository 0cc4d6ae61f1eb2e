import { basename } from 'node:path';
import { type Config, parseConfig, type SweepConfig } from '../config/index.ts';
import {
  SWEEP_FORMAT_VERSION,
  type SweepEvent,
  type SweepStartedEvent,
} from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { runName } from '../session/started.ts';
import { SweepLog } from './log.ts';
import { type Dimension, spaceOf } from './space.ts';

export interface SweepRequest {
  /** Absolute path of the config; relative paths in it are relative to its folder. */
  configFile: string;
  /** Its text, with any override already applied. */
  configText: string;
  /** Absolute path of the folder that receives the sweep's folder, e.g. `…/.trainscope/sweeps`. */
  sweepsFolder: string;
  /** Absolute path of the folder of an earlier sweep that is to go on; its own config counts then. */
  resume: string | null;
}

/** A sweep whose folder this process owns, and what its log tells so far. */
export interface OpenSweep {
  log: SweepLog;
  events: SweepEvent[];
  started: SweepStartedEvent;
}

/** Begins a sweep, or takes up an earlier one. Throws UserError for bad input, and where another process has it. */
export function openSweep({
  configFile,
  configText,
  sweepsFolder,
  resume,
}: SweepRequest): OpenSweep {
  if (resume !== null) {
    const { log, events } = SweepLog.reopen(resume);
    const [started] = events;
    if (started?.type !== 'sweepStarted') throw new Error('The log was not read to its start.');
    return { log, events, started };
  }
  const { config } = sweepConfigOf(configText, configFile);
  const started: SweepStartedEvent = {
    type: 'sweepStarted',
    formatVersion: SWEEP_FORMAT_VERSION,
    startedAt: Date.now(),
    name: runName(configFile),
    config: basename(configFile),
    configText,
    seed: config.training.seed,
  };
  return { log: SweepLog.create(sweepsFolder, started), events: [started], started };
}

/** Throws UserError where the text is no config with a sweep. */
export function sweepConfigOf(
  text: string,
  configFile: string,
): { config: Config; sweep: SweepConfig; space: Dimension[] } {
  const { config, problems, valueAt } = parseConfig(text, basename(configFile));
  const [problem] = problems;
  if (!config || problem)
    throw new UserError(problem?.message ?? 'This config cannot be used.', {
      file: configFile,
      path: problem?.path ?? [],
      ...(problem && {
        line: problem.range.start.line + 1,
        column: problem.range.start.character + 1,
      }),
    });
  const { sweep } = config;
  if (!sweep)
    throw new UserError(
      'This config says nothing about a search. Add for example\nsweep:\n  parameters:\n    optimizer.learningRate: { log: [1e-6, 1] }',
      { file: configFile, path: [] },
    );
  return { config, sweep, space: spaceOf(sweep, valueAt([])) };
}
