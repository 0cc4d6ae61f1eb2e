import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '../../package.json';
import { readRun } from '../runs/read-run.ts';
import { CONFIG_FILE } from '../runs/run-folder.ts';
import { reportOf } from './report.ts';

/** The report of the run in a folder. */
export interface WrittenReport {
  html: string;
  /** Why the log could not be read to its end, in a sentence: the report lacks the rest. */
  damage: string | null;
}

/** Throws UserError where the folder holds no run, or its log does not tell of a start. */
export async function reportOfRun(folder: string): Promise<WrittenReport> {
  const { history, end } = await readRun(folder);
  // Without its config a run is still a run.
  const config = await readFile(join(folder, CONFIG_FILE), 'utf8').catch(() => null);
  const { damage } = end;
  const writtenAt = Date.now();
  const html = await reportOf({ history, folder, config, damage, writtenAt, version });
  return { html, damage };
}
