import { existsSync } from 'node:fs';
import { lstat, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type {
  FinishedEvent,
  RunEvent,
  TrainMetrics,
  ValidationMetrics,
} from '../events/run-event.ts';
import type { RunState } from '../events/run-state.ts';
import { UserError } from '../events/user-error.ts';
import { readOutline } from './outline.ts';
import { hasLiveOwner } from './owner.ts';
import { LOG_FILE } from './run-folder.ts';

/** Runs that are read at a time. */
const AT_ONCE = 8;

/** A run as a list shows it, read without its columns. */
export interface RunListing {
  /** The folder's name. */
  id: string;
  /** Absolute. */
  folder: string;
  name: string;
  /** The config's file name. */
  config: string;
  state: RunState;
  /** Wall clock, milliseconds since 1970. */
  startedAt: number;
  epochs: number;
  /** Completed epochs and steps. */
  epoch: number;
  step: number;
  /** Of the last completed epoch. */
  train: TrainMetrics | null;
  validation: ValidationMetrics | null;
  /** Everything in its folder. */
  bytes: number;
  /** All events but the bulk of columns; of `steps` only the last. */
  outline: RunEvent[];
  /** Why the log could not be read, in a sentence; such a run can still be deleted. */
  problem: string | null;
}

/** All runs in a folder of runs, newest first; empty where there is no such folder. */
export async function listRuns(runsFolder: string): Promise<RunListing[]> {
  const ids = await newestFirst(runsFolder);
  const listings: (RunListing | null)[] = new Array(ids.length).fill(null);
  let next = 0;
  const work = async () => {
    for (let i = next++; i < ids.length; i = next++)
      listings[i] = await listRun(join(runsFolder, ids[i]!));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return listings.filter((listing) => listing !== null);
}

/** The names of the runs, sweeps or ensembles in a folder of them; none where there is no such folder. */
export async function newestFirst(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => !name.startsWith('.'))
    .sort()
    .reverse();
}

/** One run, or null where the folder holds none. */
export async function listRun(folder: string): Promise<RunListing | null> {
  const log = join(folder, LOG_FILE);
  const bytes = await folderBytes(folder);
  const found = await stat(log).catch(() => null);
  if (!found?.isFile()) return null;
  // Before reading: what ends while it is read has written `finished`.
  const live = hasLiveOwner(folder);
  try {
    return summarize(folder, bytes, await readOutline(log), live, found.mtimeMs);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...summarize(folder, bytes, [], live, found.mtimeMs), problem };
  }
}

/** `writtenAt`: when its log was last written; it stands for the start of a run whose log does not tell it. */
function summarize(
  folder: string,
  bytes: number,
  outline: RunEvent[],
  live: boolean,
  writtenAt: number,
): RunListing {
  const id = basename(folder);
  const listing: RunListing = {
    id,
    folder,
    name: id,
    config: '',
    state: live ? 'preparing' : 'interrupted',
    startedAt: writtenAt,
    epochs: 0,
    epoch: 0,
    step: 0,
    train: null,
    validation: null,
    bytes,
    outline,
    problem: null,
  };
  let finished: FinishedEvent | null = null;
  for (const event of outline) {
    if (event.type === 'started') {
      const { name, config, startedAt, epochs } = event;
      Object.assign(listing, { name, config, startedAt, epochs });
      if (live) listing.state = 'training';
    } else if (event.type === 'steps') {
      listing.step = event.firstStep + event.loss.length - 1;
    } else if (event.type === 'epoch') {
      const { epoch, step, train, validation } = event;
      Object.assign(listing, { epoch, step, train, validation });
    } else if (event.type === 'resumed') {
      const { epochs, epoch, step, train, validation } = event;
      Object.assign(listing, { epochs, epoch, step, train, validation });
      listing.state = live ? 'training' : 'interrupted';
      finished = null;
    } else if (event.type === 'control' && live) {
      if (event.action === 'pause') listing.state = 'paused';
      if (event.action === 'resume') listing.state = 'training';
    } else if (event.type === 'finished') finished = event;
  }
  if (finished) {
    listing.state = finished.reason;
    listing.step = finished.step;
    listing.train ??= finished.train;
    listing.validation ??= finished.validation;
  }
  return listing;
}

/**
 * Deletes a run's folder. Throws UserError when a process is still writing it, or when the folder is
 * no run's.
 */
export async function deleteRun(folder: string): Promise<void> {
  const isRun = (await lstat(folder)).isDirectory() && (await isFile(join(folder, LOG_FILE)));
  if (!isRun)
    throw new UserError(`${folder} is not the folder of a run: it holds no ${LOG_FILE}.`, {
      file: folder,
    });
  if (hasLiveOwner(folder))
    throw new UserError(`${basename(folder)} is still training. Stop it, then delete it.`, {
      file: folder,
    });
  await removeFolder(folder);
}

/** Renamed first: a run, a sweep or an ensemble is there or not, never half of it. */
export async function removeFolder(folder: string): Promise<void> {
  const doomed = join(dirname(folder), `.new-deleted-${basename(folder)}`);
  if (existsSync(doomed)) await rm(doomed, { recursive: true, force: true });
  await rename(folder, doomed);
  await rm(doomed, { recursive: true, force: true, maxRetries: 3 });
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() ?? false;
}

/** Bytes of all files in a folder; links are not followed. */
export async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        lstat(join(entry.parentPath, entry.name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
