import { type FileHandle, open } from 'node:fs/promises';
import { decodeEvent } from '../events/codec.ts';
import type { RunEvent } from '../events/run-event.ts';
import { LONGEST_TYPE, typeOf } from './record-type.ts';
import { FOOTER_BYTES, frameLength, HEADER_BYTES } from './tfrecord.ts';

const WINDOW_BYTES = 2 ** 16;
/** The large ones, of which a summary needs at most the last. */
const BULK: ReadonlySet<string> = new Set([
  'steps',
  'ratios',
  'data',
  'distributions',
  'activity',
  'weights',
]);

/**
 * The events of a log that a summary needs, read by leaping from record to record: all but the bulk
 * of columns, of which only the last `steps` is there, at its place. Ends at the last whole record;
 * the checksums of what is leapt over are not verified.
 */
export async function readOutline(file: string): Promise<RunEvent[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const window = new FileWindow(handle);
    const events: RunEvent[] = [];
    let lastSteps: { at: number; index: number; length: number } | null = null;
    for (let at = 0; at + HEADER_BYTES <= size; ) {
      const head = await window.read(at, HEADER_BYTES);
      const length = frameLength(head, 0);
      const end = at + HEADER_BYTES + (length ?? 0) + FOOTER_BYTES;
      if (length === null || end > size) break;
      const type = typeOf(await window.read(at + HEADER_BYTES, Math.min(length, LONGEST_TYPE)));
      if (type === 'steps') lastSteps = { at: at + HEADER_BYTES, index: events.length, length };
      if (!BULK.has(type)) {
        const event = decodeEvent(await window.read(at + HEADER_BYTES, length));
        if (event) events.push(event);
      }
      at = end;
    }
    if (lastSteps) {
      const event = decodeEvent(await window.read(lastSteps.at, lastSteps.length));
      if (event) events.splice(lastSteps.index, 0, event);
    }
    return events;
  } finally {
    await handle.close();
  }
}

/** Reads of a few bytes each, mostly served from one buffer. */
class FileWindow {
  readonly #handle: FileHandle;
  #bytes = Buffer.alloc(0);
  #start = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async read(at: number, length: number): Promise<Uint8Array> {
    if (at < this.#start || at + length > this.#start + this.#bytes.length) {
      const buffer = Buffer.allocUnsafeSlow(Math.max(WINDOW_BYTES, length));
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      this.#start = at;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return this.#bytes.subarray(at - this.#start, at - this.#start + length);
  }
}
