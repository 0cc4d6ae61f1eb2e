import { open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { decodeEvent } from '../events/codec.ts';
import type { RunEvent } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import type { InsideLog } from './inside-log.ts';
import { LONGEST_TYPE, typeOf } from './record-type.ts';
import { FOOTER_BYTES, frameLength, HEADER_BYTES, unframe } from './tfrecord.ts';

const CHUNK_BYTES = 2 ** 20;
/** Other work gets its turn at least this often. */
const SLICE_MS = 5;

/** Where a record is, in bytes of its log. */
export interface RecordPlace {
  at: number;
  bytes: number;
}

/** Whether a record is leapt over: neither verified nor decoded. */
type Leap = (type: string, place: RecordPlace) => boolean;

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
  readonly #leap: Leap | null;
  #position: number;
  #damage: string | null = null;

  constructor(file: string, position = 0, leap: Leap | null = null) {
    this.#file = file;
    this.#position = position;
    this.#leap = leap;
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
      // Decoded events own their memory: one buffer does for all.
      let buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
      let wanted = CHUNK_BYTES;
      let { size } = await handle.stat();
      for (;;) {
        // It may have grown.
        if (this.#position + wanted > size) ({ size } = await handle.stat());
        // Not worth the memory if the file does not hold it.
        if (size < this.#position + wanted && wanted > CHUNK_BYTES) return;
        if (buffer.length < wanted) buffer = Buffer.allocUnsafeSlow(wanted);
        const { bytesRead } = await handle.read(buffer, 0, wanted, this.#position);
        const from = this.#position;
        const more = yield* this.#parse(buffer.subarray(0, bytesRead), size);
        if (more === null) return;
        const isLeapt = this.#position > from + bytesRead;
        if (bytesRead < wanted && more <= wanted && !isLeapt) return;
        wanted = Math.max(CHUNK_BYTES, more);
      }
    } finally {
      await handle.close();
    }
  }

  /** Returns how many bytes the next record needs, or null where no record can follow. */
  async *#parse(chunk: Uint8Array, size: number): AsyncGenerator<RunEvent[], number | null> {
    let events: RunEvent[] = [];
    let sliceEnd = performance.now() + SLICE_MS;
    for (let at = 0; ; ) {
      const leapt = this.#leapt(chunk, at, size);
      this.#position += leapt;
      at += leapt;
      if (leapt > 0 && at <= chunk.length) continue;
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

  /** Bytes of the record at `at` if it is whole and to be leapt over, or 0. */
  #leapt(chunk: Uint8Array, at: number, size: number): number {
    if (!this.#leap || chunk.length - at < HEADER_BYTES + LONGEST_TYPE) return 0;
    const type = typeOf(chunk.subarray(at + HEADER_BYTES, at + HEADER_BYTES + LONGEST_TYPE));
    const length = type === '' ? null : frameLength(chunk, at);
    if (length === null) return 0;
    const bytes = HEADER_BYTES + length + FOOTER_BYTES;
    const place = { at: this.#position, bytes };
    return place.at + bytes <= size && this.#leap(type, place) ? bytes : 0;
  }
}

/**
 * Reads a whole log, giving its events a batch at a time, but for what tells of the inside of its network if
 * that is to be noted in `inside`. Throws what LogReader throws.
 */
export async function readRunLog(
  file: string,
  onEvents: (events: RunEvent[]) => void,
  inside: InsideLog | null = null,
): Promise<LogEnd> {
  const reader = new LogReader(file, 0, inside?.leap);
  let first = true;
  for await (const events of reader.read()) {
    if (first && events[0] && events[0].type !== 'started')
      throw new UserError('This log does not begin with the start of a run.', { file });
    first = false;
    onEvents(events);
  }
  return reader.end;
}
