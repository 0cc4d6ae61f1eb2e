import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../../core/events/run-event.ts';
import { readRunLog } from '../../../core/runs/log-reader.ts';
import { projectRoot } from '../../../extension/development/project.ts';
import { bundle } from '../session/bundle.ts';

export const cliFile = join(
  await bundle({ cli: 'core/cli.ts', worker: 'core/worker.ts' }),
  'cli.js',
);

/** A folder with the shipped digits; its name has a space and letters beyond ASCII. */
export async function digitsFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trainscope cli żółw-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const file of ['digits.csv', 'digits.train.yaml']) {
    await cp(join(projectRoot, 'extension', 'samples', file), join(folder, file));
  }
  return folder;
}

export interface Result {
  /** null where a signal ended it. */
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output, a JSON object a line. */
  lines(): Record<string, unknown>[];
}

/** Starts the command line in `cwd`. */
export function start(
  cwd: string,
  args: string[],
): { child: ChildProcess; result: Promise<Result> } {
  const child = spawn(process.execPath, [cliFile, ...args], { cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  const result = new Promise<Result>((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = () =>
        stdout
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>);
      resolve({ code, stdout, stderr, lines });
    });
  });
  return { child, result };
}

export const trainscope = (cwd: string, ...args: string[]) => start(cwd, args).result;

/** The events of the only run beside the config. */
export async function onlyLog(cwd: string): Promise<RunEvent[]> {
  const runs = join(cwd, '.trainscope', 'runs');
  const [name, ...others] = await readdir(runs);
  if (!name || others.length > 0) throw new Error(`Expected one run in ${runs}.`);
  const events: RunEvent[] = [];
  const { damage } = await readRunLog(join(runs, name, 'events.log'), (batch) =>
    events.push(...batch),
  );
  if (damage) throw new Error(damage);
  return events;
}

/** Resolves when the process has told something that matches. */
export function told(child: ChildProcess, pattern: RegExp): Promise<void> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (pattern.test(text)) resolve();
    });
  });
}
