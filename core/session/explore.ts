import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Config, type ParsedConfig, parseConfig } from '../config/index.ts';
import { fingerprint } from '../data/fingerprint.ts';
import { type Dataset, loadDataset } from '../data/index.ts';
import { findSource } from '../data/source-file.ts';
import { UserError } from '../events/user-error.ts';
import { Explorer } from '../inspection/explorer/explorer.ts';
import { planExploration } from '../inspection/explorer/plan.ts';
import type { CheckpointFile } from '../runs/checkpoint-file.ts';
import { CHECKPOINT_FOLDER, checkpointOf, listCheckpoints } from '../runs/checkpoint-folder.ts';
import { LogReader } from '../runs/log-reader.ts';
import { hasLiveOwner } from '../runs/owner.ts';
import { CONFIG_FILE, configFolderOf, LOG_FILE } from '../runs/run-folder.ts';
import { SafetensorsFile } from '../training/checkpoint/safetensors.ts';
import { type CheckpointState, decodeState } from '../training/checkpoint/state.ts';
import { restoreJudged } from '../training/checkpoint/tensors.ts';
import { rotateInputs } from '../training/principal-axes.ts';
import type { ExploredCheckpoint, ExploreRequest } from './explore-protocol.ts';
import { located } from './prepare.ts';

/** Whom an exploration works for. */
export interface ExploreHost {
  /** Asks for memory before any is taken: null grants it, a sentence refuses it. */
  reserve(bytes: number): Promise<string | null>;
  /** Called between pieces of work of some milliseconds; throws to end it. */
  poll(): void;
}

export interface OpenedExplorer {
  explorer: Explorer;
  checkpoint: ExploredCheckpoint;
  /** All that the run has kept, oldest first. */
  checkpoints: CheckpointFile[];
}

/**
 * Takes up a network where a checkpoint of a run has it, with the data that it was trained with. Throws
 * UserError where there is no checkpoint, it is damaged or newer than this version, or the data are not
 * what they were.
 */
export async function openExplorer(
  request: ExploreRequest,
  host: ExploreHost,
): Promise<OpenedExplorer> {
  const { run } = request;
  await refuseUnreadable(run);
  const checkpoints = await listCheckpoints(run);
  const { file, open } = await openCheckpoint(request, checkpoints);
  try {
    const state = await stateOf(open, run);
    const { parsed, config, configFile } = await readRunConfig(request);
    const explorer = await located(parsed, configFile, async () => {
      const dataset = await loadSame(config, request, state);
      const plan = planExploration(config, dataset);
      const refusal = await host.reserve(plan.bytes + bytesOf(dataset));
      if (refusal !== null) throw new UserError(refusal, { path: ['model', 'layers'] });
      const made = new Explorer(plan, dataset, await rotateInputs(dataset), () => host.poll());
      await atCheckpoint(run, open.name, () =>
        restoreJudged(made.model.memory, plan.network, open),
      );
      return made;
    });
    const { validation } = state;
    return { explorer, checkpoint: { ...file, validation }, checkpoints };
  } finally {
    await open.close();
  }
}

/** A run of a newer version is known by its first record. */
async function refuseUnreadable(run: string): Promise<void> {
  const file = join(run, LOG_FILE);
  const records = new LogReader(file).read();
  try {
    await records.next();
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, { file });
    throw new UserError(`${run} is not the folder of a run: it holds no ${LOG_FILE}.`, {
      file: run,
    });
  } finally {
    await records.return(undefined);
  }
}

async function openCheckpoint(
  { run, checkpoint, readableRoots }: ExploreRequest,
  files: readonly CheckpointFile[],
): Promise<{ file: CheckpointFile; open: SafetensorsFile }> {
  const latest = files.at(-1);
  if (!latest) throw nothingKept(run);
  const openFile = async (file: CheckpointFile) => {
    const name = join(CHECKPOINT_FOLDER, file.name);
    return atCheckpoint(run, file.name, async () => {
      const { path } = await findSource(name, [], { folder: run, readableRoots });
      return { file, open: await SafetensorsFile.open(path, file.name) };
    });
  };
  if (checkpoint === 'latest') return openFile(latest);
  if (checkpoint !== 'best') {
    const named = files.find(({ name }) => name === checkpoint);
    if (named) return openFile(named);
    throw new UserError(
      `${basename(run)} holds no checkpoint ${checkpoint} any more: only the latest and the best are kept. Choose ${latest.name}, or raise training.checkpoint.keep.`,
      { file: run },
    );
  }
  const last = await openFile(latest);
  try {
    const { best } = await stateOf(last.open, run);
    const file = checkpointOf(files, best?.epoch);
    if (!file || file === latest) return last;
    const opened = await openFile(file);
    await last.open.close();
    return opened;
  } catch (error) {
    await last.open.close();
    throw error;
  }
}

function stateOf({ metadata, name }: SafetensorsFile, run: string): Promise<CheckpointState> {
  return atCheckpoint(run, name, async () => decodeState(metadata, name));
}

/** Does `work`; its UserErrors then say which checkpoint they are about. */
async function atCheckpoint<T>(run: string, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(error.message, { file: join(run, CHECKPOINT_FOLDER, name) });
  }
}

function nothingKept(run: string): UserError {
  return new UserError(
    hasLiveOwner(run)
      ? `${basename(run)} holds no checkpoint yet: wait for its first one, at the end of an epoch.`
      : `${basename(run)} holds no checkpoint: it ended before its first one. Train it again, for an epoch at least.`,
    { file: run },
  );
}

/** The config that a run was trained with. Throws UserError where it cannot be read. */
export async function readRunConfig({
  run,
  readableRoots,
}: Pick<ExploreRequest, 'run' | 'readableRoots'>): Promise<{
  parsed: ParsedConfig;
  config: Config;
  configFile: string;
}> {
  try {
    // A link may lead out of the workspace.
    const { path } = await findSource(CONFIG_FILE, [], { folder: run, readableRoots });
    const parsed = parseConfig(await readFile(path, 'utf8'), CONFIG_FILE);
    if (parsed.config) return { parsed, config: parsed.config, configFile: path };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  throw new UserError('The config that this run was trained with cannot be read any more.', {
    file: join(run, CONFIG_FILE),
  });
}

function bytesOf({ train, validation }: Dataset): number {
  const stores = new Set([train.store, validation?.store ?? train.store]);
  return [...stores].reduce((sum, { inputs }) => sum + inputs.byteLength, 0);
}

/** The data of the run. Throws UserError where they are not what they were. */
async function loadSame(
  { data, training }: Config,
  { run, readableRoots }: ExploreRequest,
  state: CheckpointState,
): Promise<Dataset> {
  const folder = configFolderOf(run);
  const dataset = await loadDataset(data, { folder, seed: training.seed, readableRoots });
  if (fingerprint(dataset) === state.data) return dataset;
  throw new UserError(
    'The data have changed since this run was trained: what its network says of others would mislead. Bring them back, or train a new run.',
    { path: ['data', 'source'] },
  );
}
