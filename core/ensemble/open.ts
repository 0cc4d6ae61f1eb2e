import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Config,
  ENSEMBLE_METHODS,
  type EnsembleMethod,
  ensembleSize,
  refuseMethod,
} from '../config/index.ts';
import { UserError } from '../events/user-error.ts';
import { diskError } from '../runs/disk-error.ts';
import { hasLiveOwner, holdFolder, takeOwnership } from '../runs/owner.ts';
import { CONFIG_FILE, createFolder, runFolderName } from '../runs/run-folder.ts';
import { runName } from '../session/started.ts';
import type { LeftOut } from './protocol.ts';
import { type TopTrials, topTrials } from './top-trials.ts';
import { trainingsOf } from './trainings.ts';
import { keepUnderWay, readUnderWay, type UnderWay } from './under-way.ts';

const DEFAULT_METHOD: EnsembleMethod = 'inits';

export interface EnsembleRequest {
  /** Absolute; relative paths in it are relative to its folder. */
  configFile: string;
  configText: string;
  readableRoots: string[] | null;
  /** Absolute path of the folder that receives the ensemble's, e.g. `…/.trainscope/ensembles`. */
  folder: string;
  /** Every method and combination that the config can have, beside the one it asks for. */
  compare: boolean;
  /** Absolute path of the folder of an earlier ensemble that is to go on; its own config counts then. */
  resume?: string | null;
}

/** An ensemble whose folder this process owns. */
export interface OpenEnsemble {
  folder: string;
  underWay: UnderWay;
  /** Gives the folder free. */
  close(): void;
}

/** Throws UserError where the config can have no such ensemble, or the disk does not take it. */
export async function beginEnsemble(
  request: EnsembleRequest,
  config: Config,
): Promise<OpenEnsemble> {
  const { configFile, configText, compare } = request;
  const method = config.ensemble?.method ?? DEFAULT_METHOD;
  const leftOut: LeftOut[] = [];
  const methods: EnsembleMethod[] = [];
  let trials: TopTrials | null = null;
  for (const one of compare ? ENSEMBLE_METHODS : [method]) {
    try {
      const refused = refuseMethod(one, config);
      if (refused) throw new UserError(refused.message, { path: refused.path });
      if (one === 'topTrials') trials = await topTrials(configFile, ensembleSize(config));
      methods.push(one);
    } catch (error) {
      if (!compare || !(error instanceof UserError)) throw error;
      leftOut.push({ type: 'leftOut', method: one, message: error.message });
    }
  }
  const trainings = trainingsOf({ config, configText, configFile }, methods);
  const runs = trainings.length + (config.ensemble?.distill ? 1 : 0);
  const { epochs } = config.training;
  const underWay: UnderWay = {
    formatVersion: 1,
    begun: { type: 'begun', config: basename(configFile), method, compare, runs, epochs },
    ...{ methods, leftOut, trials, members: [] },
  };
  const name = runFolderName(Date.now(), runName(configFile));
  let folder: string;
  try {
    folder = createFolder(request.folder, name, (unfinished) => {
      writeFileSync(join(unfinished, CONFIG_FILE), configText);
    });
    keepUnderWay(folder, underWay);
  } catch (error) {
    throw diskError(error, request.folder);
  }
  return { folder, underWay, close: holdFolder(folder) };
}

/** An earlier one that goes on. Throws UserError where it cannot, or another process makes it. */
export function reopenEnsemble(folder: string, configFile: string): OpenEnsemble {
  const name = basename(folder);
  if (hasLiveOwner(folder))
    throw new UserError(
      `The ensemble ${name} is being made by another process. Wait for it, or stop it first.`,
      { file: folder },
    );
  const underWay = readUnderWay(folder);
  const { config } = underWay.begun;
  if (config !== basename(configFile))
    throw new UserError(`${name} is an ensemble of ${config}: it goes on with that config only.`, {
      file: folder,
    });
  try {
    takeOwnership(folder);
  } catch (error) {
    throw diskError(error, folder);
  }
  return { folder, underWay, close: holdFolder(folder) };
}
