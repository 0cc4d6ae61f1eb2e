import { join, relative } from 'node:path';

/** How the folder of a run is written within that of an ensemble: both may be moved with the project. */
export function inFolder(folder: string, run: string): string {
  return relative(folder, run).replaceAll('\\', '/');
}

export function fromFolder(folder: string, run: string): string {
  return join(folder, run);
}
