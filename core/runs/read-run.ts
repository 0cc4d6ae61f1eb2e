import { basename, join } from 'node:path';
import type { RunEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { RunHistory } from './history.ts';
import { InsideLog } from './inside-log.ts';
import { type LogEnd, readRunLog } from './log-reader.ts';
import { hasLiveOwner } from './owner.ts';
import { LOG_FILE } from './run-folder.ts';

/** Reads the log in a run's folder. Throws UserError where it is none, and what `readRunLog` throws. */
export async function readRunEvents(
  folder: string,
  onEvents: (events: RunEvent[]) => void,
  inside: InsideLog | null = null,
): Promise<LogEnd> {
  try {
    return await readRunLog(join(folder, LOG_FILE), onEvents, inside);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UserError(
      `${basename(folder)} is not the folder of a run: it holds no ${LOG_FILE}.`,
      { file: folder },
    );
  }
}

/** A run as its folder has it now. Throws UserError where its log does not tell of its start. */
export async function readRun(folder: string): Promise<{ history: RunHistory; end: LogEnd }> {
  // Before reading: what ends while it is read has written `finished`.
  const live = hasLiveOwner(folder);
  const history = new RunHistory();
  const end = await readRunEvents(folder, (events) => history.push(events));
  checkStart(folder, history, end);
  if (!live) history.abandon();
  return { history, end };
}

/**
 * The same but for what was measured inside the network, which the history reads when it is asked to; and
 * whether somebody writes it still, the caller knows. `grown` is called with what was read, again and again.
 */
export async function readRunOutside(
  folder: string,
  grown: (history: RunHistory) => void = () => {},
): Promise<{ history: RunHistory; end: LogEnd }> {
  const inside = new InsideLog(join(folder, LOG_FILE));
  const history = new RunHistory(inside);
  const take = (events: RunEvent[]) => {
    history.push(events);
    grown(history);
  };
  const end = await readRunEvents(folder, take, inside);
  checkStart(folder, history, end);
  return { history, end };
}

function checkStart(folder: string, { started }: RunHistory, { damage }: LogEnd): void {
  if (started) return;
  throw new UserError(damage ?? `The log of ${basename(folder)} is empty.`, { file: folder });
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}
