import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { hasLiveOwner, takeOwnership } from './owner.ts';

export const LOG_FILE = 'events.log';
export const CONFIG_FILE = 'config.yaml';
export const TENSORBOARD_FOLDER = 'tensorboard';
/** A run's folder is made under such a name and renamed when it is whole. */
const UNFINISHED = /^\.new-/;
const ABANDONED_MS = 60_000;
const MAX_NAME_LENGTH = 60;

const OURS = '.trainscope';

/** The folder of the config that a run was made with: paths in it are relative to that. */
export function configFolderOf(run: string): string {
  // <folder>/.trainscope/runs/<run>, or <folder>/.trainscope/sweeps/<sweep>/runs/<run>
  const parent = dirname(dirname(run));
  const ofSweep = dirname(dirname(parent));
  return dirname(basename(parent) !== OURS && basename(ofSweep) === OURS ? ofSweep : parent);
}

/** `20251121-093105-digits`: UTC, so that names sort by time wherever they were made. */
export function runFolderName(startedAt: number, name: string): string {
  const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time.replace('T', '-')}-${safeName(name)}`;
}

/** A name that Windows, macOS and Linux accept; letters of any script stay. */
function safeName(name: string): string {
  const safe = [...name.normalize('NFC')]
    .map((letter) => (/[\p{L}\p{M}\p{N}._ -]/u.test(letter) ? letter : '-'))
    .slice(0, MAX_NAME_LENGTH)
    .join('')
    // Windows drops dots and spaces at the end.
    .replace(/[. ]+$/, '');
  return safe.trim() === '' ? 'run' : safe;
}

/**
 * Makes a run's folder with its config and its first log record, owned by this process. Nobody sees
 * it half-made: it is renamed into place. Returns its absolute path.
 */
export function createRunFolder(
  runsFolder: string,
  name: string,
  configText: string,
  firstRecord: Uint8Array,
): string {
  return createFolder(runsFolder, name, (unfinished) => {
    mkdirSync(join(unfinished, TENSORBOARD_FOLDER));
    writeFileSync(join(unfinished, CONFIG_FILE), configText);
    writeFileSync(join(unfinished, LOG_FILE), firstRecord, { flush: true });
  });
}

/** The same of any folder that a process is to own; `fill` gets the path that it has before. */
export function createFolder(
  parent: string,
  name: string,
  fill: (unfinished: string) => void,
): string {
  mkdirSync(parent, { recursive: true });
  ignoreInGit(dirname(parent));
  sweepAbandoned(parent);
  const unfinished = join(parent, `.new-${process.pid}-${performance.now()}`);
  mkdirSync(unfinished);
  try {
    takeOwnership(unfinished);
    fill(unfinished);
    return renameToFree(unfinished, join(parent, name));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** Writes a file anew; whoever reads it meanwhile sees the old one or the new one. */
export function replaceFile(file: string, text: string): void {
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, text, { flush: true });
  renameSync(unfinished, file);
}

/** Two runs that start within a second differ by `-2`, `-3`, … */
function renameToFree(from: string, wanted: string): string {
  for (let n = 1; ; n++) {
    const to = n === 1 ? wanted : `${wanted}-${n}`;
    if (existsSync(to)) continue;
    try {
      // Never replaces a run: a folder that is not empty refuses.
      renameSync(from, to);
      return to;
    } catch (error) {
      if (!existsSync(to)) throw error;
    }
  }
}

/** `.trainscope/` ignores itself, whatever the project's own .gitignore says. */
function ignoreInGit(folder: string): void {
  if (basename(folder) !== OURS) return;
  const file = join(folder, '.gitignore');
  if (!existsSync(file)) writeFileSync(file, '*\n');
}

/** What a process left that died between making a folder and renaming it. */
function sweepAbandoned(runsFolder: string): void {
  for (const name of readdirSync(runsFolder).filter((entry) => UNFINISHED.test(entry))) {
    const folder = join(runsFolder, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_MS && !hasLiveOwner(folder))
      rmSync(folder, { recursive: true, force: true });
  }
}
