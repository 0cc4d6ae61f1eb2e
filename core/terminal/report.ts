import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { jsonLine } from '../events/json-line.ts';
import { UserError } from '../events/user-error.ts';
import { reportOfRun } from '../report/run-report.ts';
import { LOG_FILE } from '../runs/run-folder.ts';
import { formatCount } from './format.ts';
import type { Output } from './output.ts';
import { runNamed, runsBeside } from './run-name.ts';

export interface ReportOptions {
  json: boolean;
  /** The file to write; by default named after the run, in the current folder. */
  out?: string;
}

/** Writes a run as one HTML file. Returns the exit code: 2 where a part of the run could not be read. */
export async function reportVerb(
  run: string,
  options: ReportOptions,
  output: Output,
): Promise<number> {
  const folder = runNamed(run, runsBeside(process.cwd()));
  const log = join(folder, LOG_FILE);
  const { html, damage } = await reportOfRun(folder).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.place.file !== undefined) throw error;
    throw new UserError(error.message, { file: log });
  });
  const file = resolve(options.out ?? `${basename(folder)}.html`);
  await writeFile(file, html).catch((error: unknown) => {
    throw new UserError(`The report cannot be written: ${(error as Error).message}.`, { file });
  });
  const bytes = Buffer.byteLength(html);
  const line = options.json
    ? jsonLine({ type: 'report', file, bytes })
    : `${file} · ${formatCount(bytes / 1024)} KB`;
  output.screen.write(`${line}\n`);
  if (!damage) return 0;
  output.error(new UserError(damage, { file: log }));
  return 2;
}
