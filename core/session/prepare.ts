import { basename, dirname } from 'node:path';
import { type Config, type ParsedConfig, parseConfig } from '../config/index.ts';
import type { Dataset } from '../data/index.ts';
import type { ConfigPath } from '../events/finding.ts';
import { type Place, UserError } from '../events/user-error.ts';
import type { NamedTensor } from '../training/checkpoint/safetensors.ts';
import { type Plan, planTraining } from '../training/plan.ts';
import { type LoadedData, load } from './loaded-data.ts';
import type { RunRequest } from './protocol.ts';
import { type ResumedRun, readResumedRun } from './resume.ts';
import { readStart } from './start-from.ts';
import { readTeacher } from './teacher.ts';

/** A config whose data is loaded and whose network fits it. Nothing is reserved or written yet. */
export interface Prepared {
  parsed: ParsedConfig;
  config: Config;
  dataset: Dataset;
  /** Of the data as they were loaded, for a run that goes on later. */
  fingerprint: string;
  plan: Plan;
  /** What layers start from instead of their init. */
  start: NamedTensor[];
  /** The run that goes on. */
  resumed: ResumedRun | null;
}

export type PrepareRequest = Pick<
  RunRequest,
  'configFile' | 'configText' | 'readableRoots' | 'resume'
>;

/**
 * Reads the config, loads its data and plans the network. Throws UserError with file, line and
 * column for bad input; an AbortError at the word of `signal`. `threads` counts where the config does not
 * say how many; `data` are those of the run before, which may be the same.
 */
export async function prepare(
  request: PrepareRequest,
  { threads = 1, signal, data }: { threads?: number; signal?: AbortSignal; data?: LoadedData } = {},
): Promise<Prepared> {
  const { configFile, configText, readableRoots, resume } = request;
  const { parsed, config } = parsedConfig(configFile, configText);
  return located(parsed, configFile, async () => {
    const resumed = resume === undefined ? null : await readResumedRun(resume, config);
    const folder = dirname(configFile);
    const context = { folder, seed: config.training.seed, readableRoots, signal };
    const loaded = await (data?.get(config.data, context) ?? load(config.data, context));
    const softTargets = await readTeacher(config.loss, loaded.dataset, { folder, readableRoots });
    const taught = (one: Dataset) => (softTargets ? { ...one, softTargets } : one);
    if (resumed && resumed.state.data !== loaded.fingerprint) {
      throw new UserError(
        'The data have changed since this run was trained: it cannot go on with others. Bring them back, or train a new run (model.from takes over what this one has learned).',
        { path: ['data', 'source'] },
      );
    }
    // What does not fit is said before the work of minutes, which changes no shape.
    const plan = planTraining(config, taught(loaded.dataset), config.training.threads ?? threads);
    const { from } = config.model;
    const start = from && !resumed ? await readStart(from, plan, { folder, readableRoots }) : [];
    const dataset = taught(await loaded.rotated(signal));
    return { parsed, config, dataset, fingerprint: loaded.fingerprint, plan, start, resumed };
  });
}

/** Throws UserError, at its place, for a config that cannot be used. */
export function parsedConfig(
  configFile: string,
  configText: string,
): { parsed: ParsedConfig; config: Config } {
  const parsed = parseConfig(configText, basename(configFile));
  const { config, problems } = parsed;
  const problem = problems.find(({ severity }) => severity === 'error');
  if (config && !problem) return { parsed, config };
  throw new UserError(problem?.message ?? 'This config cannot be used.', {
    file: configFile,
    path: problem?.path ?? [],
    rule: problem?.rule,
    ...(problem && startOf(problem.range)),
  });
}

/** Does `work`; its UserErrors then say where in the config their path stands. */
export async function located<T>(
  parsed: ParsedConfig,
  configFile: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError) || error.place.file !== undefined) throw error;
    const path = error.place.path ?? [];
    const { rule } = error.place;
    throw new UserError(error.message, { ...placeOf(parsed, configFile, path), rule });
  }
}

/** Where a key of the config is written; the nearest key above it when the text has none. */
export function placeOf(parsed: ParsedConfig, file: string, path: ConfigPath): Place {
  return { file, path, ...startOf(parsed.locateNearest(path, 'value')) };
}

function startOf({ start }: { start: { line: number; character: number } }) {
  return { line: start.line + 1, column: start.character + 1 };
}
