import { existsSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../events/user-error.ts';
import { folderBytes, newestFirst, removeFolder } from '../runs/list.ts';
import { hasLiveOwner } from '../runs/owner.ts';
import { CONFIG_FILE } from '../runs/run-folder.ts';
import type { EnsembleEvent } from './protocol.ts';
import { RESULT_FILE, readResult } from './result.ts';
import { toldSoFar, UNDER_WAY_FILE } from './under-way.ts';

/** An ensemble of earlier days, or one that another process makes. */
export interface EnsembleListing {
  /** Absolute. */
  folder: string;
  /** All that it told; of one that did not come to its end how it began, and the members that did. */
  events: EnsembleEvent[];
  /** Why it cannot be read, in a sentence. */
  problem: string | null;
  /** A process makes it just now. */
  isOwned: boolean;
  bytes: number;
}

/** `20251121-093105-digits`, in UTC. */
const NAME = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/;

/** When an ensemble was begun, by the name of its folder, in milliseconds since 1970; 0: it does not say. */
export function begunAt(folder: string): number {
  const found = NAME.exec(basename(folder));
  if (!found) return 0;
  const [, year, month, day, hour, minute, second] = found;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** All ensembles in a folder of them, newest first; empty where there is no such folder. */
export async function listEnsembles(ensemblesFolder: string): Promise<EnsembleListing[]> {
  const listings: EnsembleListing[] = [];
  for (const name of await newestFirst(ensemblesFolder)) {
    const listing = await listEnsemble(join(ensemblesFolder, name));
    if (listing) listings.push(listing);
  }
  return listings;
}

/** Null: the folder holds no ensemble. */
export async function listEnsemble(folder: string): Promise<EnsembleListing | null> {
  if (!existsSync(join(folder, CONFIG_FILE))) return null;
  const bytes = await folderBytes(folder);
  // Before reading: what ends meanwhile is read to its end the next time.
  const isOwned = hasLiveOwner(folder);
  const listing = { folder, events: [], problem: null, isOwned, bytes };
  try {
    if (existsSync(join(folder, RESULT_FILE)))
      return { ...listing, events: await readResult(folder) };
    if (!existsSync(join(folder, UNDER_WAY_FILE))) return listing;
    return { ...listing, events: toldSoFar(folder) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...listing, problem: error.message };
  }
}

/** Removes an ensemble with the runs of its members. Throws UserError where it goes on, or is none. */
export async function deleteEnsemble(folder: string): Promise<void> {
  const isOurs =
    (await lstat(folder)).isDirectory() &&
    existsSync(join(folder, CONFIG_FILE)) &&
    basename(dirname(folder)) === 'ensembles';
  if (!isOurs) throw new UserError(`${folder} is not the folder of an ensemble.`, { file: folder });
  if (hasLiveOwner(folder))
    throw new UserError(`${basename(folder)} is still being made. Stop it, then delete it.`, {
      file: folder,
    });
  await removeFolder(folder);
}
