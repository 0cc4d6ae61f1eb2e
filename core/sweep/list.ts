import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { SweepEvent } from '../events/sweep-event.ts';
import { UserError } from '../events/user-error.ts';
import { folderBytes, newestFirst, removeFolder } from '../runs/list.ts';
import { hasLiveOwner } from '../runs/owner.ts';
import { readSweep, SWEEP_LOG_FILE } from './log.ts';

/** A sweep of earlier days, or one that another process has. */
export interface SweepListing {
  /** Absolute. */
  folder: string;
  /** All that its log tells; none where it cannot be read. */
  events: SweepEvent[];
  /** A process goes on with it just now. */
  isOwned: boolean;
  bytes: number;
}

/** All sweeps in a folder of sweeps, newest first; empty where there is no such folder. */
export async function listSweeps(sweepsFolder: string): Promise<SweepListing[]> {
  const listings: SweepListing[] = [];
  for (const name of await newestFirst(sweepsFolder)) {
    const listing = await listSweep(join(sweepsFolder, name));
    if (listing) listings.push(listing);
  }
  return listings;
}

/** Null: the folder holds no sweep. */
export async function listSweep(folder: string): Promise<SweepListing | null> {
  if (!existsSync(join(folder, SWEEP_LOG_FILE))) return null;
  const bytes = await folderBytes(folder);
  const isOwned = hasLiveOwner(folder);
  try {
    return { folder, events: readSweep(folder).events, isOwned, bytes };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { folder, events: [], isOwned, bytes };
  }
}

/** Removes a sweep with the runs of its trials. Throws UserError where it goes on, or is none. */
export async function deleteSweep(folder: string): Promise<void> {
  const isSweep = (await lstat(folder)).isDirectory() && existsSync(join(folder, SWEEP_LOG_FILE));
  if (!isSweep)
    throw new UserError(`${folder} is not the folder of a sweep: it holds no ${SWEEP_LOG_FILE}.`, {
      file: folder,
    });
  if (hasLiveOwner(folder))
    throw new UserError(`${basename(folder)} is still going on. Stop it, then delete it.`, {
      file: folder,
    });
  await removeFolder(folder);
}
