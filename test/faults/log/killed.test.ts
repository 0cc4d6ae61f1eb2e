import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { LOG_FILE, listRuns, RunHistory, readRunLog } from '../../../core/runs/index.ts';

const SCRIPT = fileURLToPath(new URL('write-forever.ts', import.meta.url));

function runsFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'log-killed-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, '.trainscope', 'runs');
}

/** Starts the writer; `said` grows line by line. */
function startWriter(command: string, args: string[]) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.text += text;
  });
  return { child, output };
}

async function history(folder: string): Promise<RunHistory> {
  const run = new RunHistory();
  const end = await readRunLog(join(folder, LOG_FILE), (events) => run.push(events));
  expect(end.damage).toBeNull();
  return run;
}

test.each([0, 3, 17, 60, 150])(
  'killed %i ms after its start, nothing flushed is lost',
  async (ms) => {
    const runs = runsFolder();
    const { child, output } = startWriter(process.execPath, ['--no-warnings', SCRIPT, runs]);
    await once(child.stdout, 'data');
    await setTimeout(ms);
    const [live] = await listRuns(runs);
    expect(live).toMatchObject({ state: 'training', name: 'digits' });
    child.kill('SIGKILL');
    await once(child, 'close');
    const flushed = Number(output.text.trim().split('\n').at(-1));
    expect(flushed).toBeGreaterThan(0);
    const [dead, ...others] = await listRuns(runs);
    expect(others).toEqual([]);
    expect(dead?.state).toBe('interrupted');
    const run = await history(dead!.folder);
    expect(run.step).toBeGreaterThanOrEqual(flushed);
    expect(dead?.step).toBe(run.step);
    expect([...run.dataLoss]).toEqual(Array.from({ length: run.step }, (_, i) => 1 / (i + 1)));
  },
);

test.skipIf(process.platform === 'win32')(
  'where the disk takes no more, the run is told so and stays readable',
  async () => {
    const runs = runsFolder();
    // The system's own limit for the size of a file, in blocks of 512 or 1024 bytes.
    const limited = 'ulimit -f 40; exec "$0" --no-warnings "$1" "$2"';
    const args = ['-c', limited, process.execPath, SCRIPT, runs];
    const { child, output } = startWriter('/bin/sh', args);
    const [code] = await once(child, 'close');
    expect(output.text.trim().split('\n').at(-1)).toMatch(
      /^UserError: The run cannot be saved in .*\.log: the file would grow beyond .* train again\.$/,
    );
    expect(code).toBe(3);
    const [listed] = await listRuns(runs);
    expect(listed).toMatchObject({ state: 'interrupted', problem: null });
    const run = await history(listed!.folder);
    const flushed = output.text
      .trim()
      .split('\n')
      .filter((line) => /^\d+$/.test(line));
    expect(run.step).toBeGreaterThanOrEqual(Number(flushed.at(-1)));
  },
);
