import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { decodeEvent } from '../events/codec.ts';
import type { RunEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { unframe } from './tfrecord.ts';

const CHUNK_BYTES = 2 ** 19;
/** Other work gets its turn at least this often. */
const SLICE_MS = 5;

/** How far a log could be read. */
export interface LogEnd {
  /** Where the last whole record ends; reading can go on from there. */
  bytes: number;
  /** Set when the bytes behind that are no record at all, in a sentence; null for a cut-off one. */
  damage: string | null;
}

/**
 * Reads a log record by record up to its last whole one. Can be asked again: a log that is being
 * written grows. Its file is open only while it reads, so that a run's folder can be deleted.
 */
export class LogReader {
  readonly #file: string;
  #position: number;
  #damage: string | null = null;

  constructor(file: string, position = 0) {
    this.#file = file;
    this.#position = position;
  }

  get end(): LogEnd {
    return { bytes: this.#position, damage: this.#damage };
  }

  /**
   * The events that came since the last call, a batch at a time. Throws UserError for a log of a
   * newer format and for records that are whole but hold no event.
   */
  async *read(): AsyncGenerator<RunEvent[]> {
    if (this.#damage) return;
    const handle = await open(this.#file);
    try {
      let wanted = CHUNK_BYTES;
      for (;;) {
        const chunk = Buffer.allocUnsafeSlow(wanted);
        const { bytesRead } = await handle.read(chunk, 0, wanted, this.#position);
        const more = yield* this.#parse(chunk.subarray(0, bytesRead));
        if (more === null || (bytesRead < wanted && more <= wanted)) return;
        if (more > wanted) {
          // Not worth the memory if the file does not hold it.
          const { size } = await handle.stat();
          if (size < this.#position + more) return;
        }
        wanted = Math.max(CHUNK_BYTES, more);
      }
    } finally {
      await handle.close();
    }
  }

  /** Returns how many bytes the next record needs, or null where no record can follow. */
  async *#parse(chunk: Uint8Array): AsyncGenerator<RunEvent[], number | null> {
    let events: RunEvent[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (let at = 0; ; ) {
      const record = unframe(chunk, at);
      if (record.state !== 'record') {
        if (events.length > 0) yield events;
        if (record.state === 'incomplete') return record.bytes;
        this.#damage = `The log is damaged at byte ${this.#position}; what follows cannot be read.`;
        return null;
      }
      const event = decodeEvent(record.data);
      if (event) events.push(event);
      this.#position += record.end - at;
      at = record.end;
      if (performance.now() < sliceEnd) continue;
      yield events;
      events = [];
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
}

/** Reads a whole log, giving its events a batch at a time. Throws what LogReader throws. */
export async function readRunLog(
  file: string,
  onEvents: (events: RunEvent[]) => void,
): Promise<LogEnd> {
  const reader = new LogReader(file);
  let first = true;
  for await (const events of reader.read()) {
    if (first && events[0] && events[0].type !== 'started')
      throw new UserError('This log does not begin with the start of a run.', { file });
    first = false;
    onEvents(events);
  }
  return reader.end;
}
