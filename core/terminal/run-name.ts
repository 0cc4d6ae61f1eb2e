import { basename, join, resolve } from 'node:path';

/** Where the runs of the configs in a folder are kept. */
export function runsBeside(folder: string): string {
  return join(folder, '.trainscope', 'runs');
}

/** Where the ensembles of the configs in a folder are kept. */
export function ensemblesBeside(folder: string): string {
  return join(folder, '.trainscope', 'ensembles');
}

/**
 * The folder that a user means: what is no path is a name in the folder of runs. Whether there is such a
 * run is told by whoever opens it.
 */
export function runNamed(name: string, runsFolder: string): string {
  const isName = basename(name) === name && name !== '.' && name !== '..';
  return isName ? join(runsFolder, name) : resolve(name);
}
