import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';

/**
 * A run's folder has one owner: the process that writes its log. It says so in a file, so that
 * others (windows on the same folder, a shared disk) only read.
 */
const OWNER_FILE = 'owner.json';
/** Of an owner on another machine, only the file's age tells whether it lives. */
export const HEARTBEAT_MS = 20_000;
const SILENT_MS = 6 * HEARTBEAT_MS;

interface Owner {
  pid: number;
  host: string;
  /** Tells a process from a later one with the same id; null where the system does not say. */
  processStart: string | null;
}

export function takeOwnership(folder: string): void {
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
  };
  writeFileSync(join(folder, OWNER_FILE), JSON.stringify(owner));
}

/** Renews the sign of life. A folder that was deleted meanwhile is no error here. */
export function renewOwnership(folder: string): void {
  const now = new Date();
  try {
    utimesSync(join(folder, OWNER_FILE), now, now);
  } catch {
    // The next write to the log says what is wrong.
  }
}

export function releaseOwnership(folder: string): void {
  rmSync(join(folder, OWNER_FILE), { force: true });
}

/** Gives a sign of life from time to time for a folder that this process owns; returns what gives it free. */
export function holdFolder(folder: string): () => void {
  const heart = setInterval(() => renewOwnership(folder), HEARTBEAT_MS).unref();
  return () => {
    clearInterval(heart);
    releaseOwnership(folder);
  };
}

/** Whether a process lives that writes this run. */
export function hasLiveOwner(folder: string): boolean {
  const file = join(folder, OWNER_FILE);
  try {
    const owner = parseOwner(readFileSync(file, 'utf8'));
    if (!owner) return false;
    const silent = Date.now() - statSync(file).mtimeMs;
    if (owner.host !== hostname()) return silent < SILENT_MS;
    // No process is older than this machine's start.
    return silent < uptime() * 1000 && isAlive(owner);
  } catch {
    return false;
  }
}

function parseOwner(text: string): Owner | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return null;
  if (!('pid' in value && 'host' in value && 'processStart' in value)) return null;
  const { pid, host, processStart } = value;
  if (!(Number.isSafeInteger(pid) && typeof pid === 'number' && pid > 0)) return null;
  if (typeof host !== 'string') return null;
  return { pid, host, processStart: typeof processStart === 'string' ? processStart : null };
}

function isAlive({ pid, processStart: start }: Owner): boolean {
  try {
    // Signal 0 only asks; EPERM means that it is there and another user's.
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = processStart(pid);
  return start === null || now === null || now === start;
}

/** When the process started, in the system's own unit; null off Linux. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 22; the second, the command's name in parentheses, may itself hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
