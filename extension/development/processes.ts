import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/**
 * Child processes that do not outlive us: each leads a process group of its own, and whatever is
 * left of the groups is killed when this process ends, by whichever way it can notice.
 */
const alive = new Set<ChildProcess>();
const windows = process.platform === 'win32';

process.on('exit', () => {
  for (const child of alive) kill(child, 'SIGKILL');
});
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  process.on(signal, () => process.exit(128 + number));
}

export function start(command: string, args: string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(command, args, { detached: !windows, ...options });
  alive.add(child);
  child.on('error', () => alive.delete(child));
  return child;
}

/** Ends the whole group of a child started by `start`. */
export function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): void {
  if (child.pid === undefined) return;
  try {
    if (windows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Asks the group to end, and makes it end when it has not after `patience` milliseconds. */
export async function stop(child: ChildProcess, patience = 5000): Promise<void> {
  const ended = exitCode(child);
  kill(child);
  const timer = setTimeout(() => kill(child, 'SIGKILL'), patience);
  await ended;
  clearTimeout(timer);
  // Grandchildren that ignored the polite signal.
  kill(child, 'SIGKILL');
  alive.delete(child);
}

/** Resolves when the child has ended: with its exit code, 1 for a signal. Rejects if unstartable. */
export function exitCode(child: ChildProcess): Promise<number> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  if (child.signalCode !== null) return Promise.resolve(1);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs to completion with our own output streams; no standard input. */
export async function run(
  command: string,
  args: string[],
  options: SpawnOptions & { timeoutSeconds?: number } = {},
): Promise<number> {
  const { timeoutSeconds = 1200, ...rest } = options;
  const child = start(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...rest });
  const timer = setTimeout(() => {
    console.error(`${command} ${args.join(' ')}: no end after ${timeoutSeconds} s, killed.`);
    kill(child, 'SIGKILL');
  }, timeoutSeconds * 1000);
  try {
    return await exitCode(child);
  } catch (error) {
    console.error(`${command} could not be started: ${(error as Error).message}`);
    return 1;
  } finally {
    clearTimeout(timer);
    kill(child, 'SIGKILL');
    alive.delete(child);
  }
}
