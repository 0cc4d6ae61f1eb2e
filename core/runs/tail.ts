import { type FSWatcher, watch } from 'node:fs';
import type { RunEvent } from '../events/run-event.ts';
import { LogReader } from './log-reader.ts';

/** Network disks and some containers do not tell of changes: then this is how late one hears. */
const POLL_MS = 500;
const SETTLE_MS = 50;

export interface Tail {
  /** No call follows after this one. */
  dispose(): void;
}

/**
 * Follows a log that another process is writing, from byte `from` on (a whole record's end). It ends
 * by itself after `finished`, and on damage or an unreadable file, which `onEnd` is told.
 */
export function tailRunLog(
  file: string,
  from: number,
  onEvents: (events: RunEvent[]) => void,
  onEnd: (problem: string | null) => void = () => {},
): Tail {
  const reader = new LogReader(file, from);
  let disposed = false;
  let reading = false;
  let again = false;
  let soon: NodeJS.Timeout | null = null;
  let watcher: FSWatcher | null = null;

  const dispose = () => {
    disposed = true;
    watcher?.close();
    clearInterval(poll);
    if (soon) clearTimeout(soon);
  };
  const end = (problem: string | null) => {
    if (disposed) return;
    dispose();
    onEnd(problem);
  };
  const read = async () => {
    again = reading;
    if (reading || disposed) return;
    reading = true;
    try {
      let finished = false;
      for await (const events of reader.read()) {
        if (disposed) return;
        onEvents(events);
        // A resumed run's log goes on behind it.
        finished = events.at(-1)?.type === 'finished';
      }
      if (finished) return end(null);
      if (reader.end.damage) end(reader.end.damage);
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    } finally {
      reading = false;
    }
    if (again) await read();
  };
  const poll = setInterval(() => void read(), POLL_MS);
  poll.unref();
  try {
    // Several changes in a row are read at once.
    watcher = watch(file, { persistent: false }, () => {
      soon ??= setTimeout(() => {
        soon = null;
        void read();
      }, SETTLE_MS);
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // No watching here: polling does it.
  }
  void read();
  return { dispose };
}
