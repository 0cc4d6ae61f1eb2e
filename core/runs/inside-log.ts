import { open } from 'node:fs/promises';
import { decodeEvent } from '../events/codec.ts';
import type { DistributionsEvent } from '../events/run-event.ts';
import type { Inspected, UnreadInside } from './inspected.ts';
import type { RecordPlace } from './log-reader.ts';
import type { Look } from './look.ts';
import { HEADER_BYTES, unframe } from './tfrecord.ts';

/** What tells of the inside of a network, and takes most of a log's bytes. */
const INSIDE: ReadonlySet<string> = new Set(['distributions', 'activity', 'weights']);

/**
 * The records of a log that tell of the inside of its network: found while the rest of it is read, and read
 * when somebody looks inside. So the curves of a long run are there at once.
 */
export class InsideLog implements UnreadInside {
  readonly #file: string;
  readonly #places: RecordPlace[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** For a LogReader: notes what is to be read later, and says that it can be leapt over. */
  readonly leap = (type: string, place: RecordPlace): boolean => {
    const inside = INSIDE.has(type);
    // It makes void what came before it.
    if (inside || type === 'resumed') this.#places.push(place);
    return inside;
  };

  /**
   * Gives what was noted to a run that has nothing of it yet, and other work its turn after each record.
   * Returns what is wrong with some of it, in a sentence; all else is read.
   */
  async read(inspected: Inspected): Promise<string | null> {
    let problem: string | null = null;
    const handle = await open(this.#file);
    try {
      const most = this.#places.reduce((bytes, place) => Math.max(bytes, place.bytes), 0);
      // While one record is decoded, the next is read.
      const buffers = [Buffer.allocUnsafeSlow(most), Buffer.allocUnsafeSlow(most)] as const;
      const reading = (i: number) => {
        const place = this.#places[i];
        return place && handle.read(buffers[i % 2 === 0 ? 0 : 1], 0, place.bytes, place.at);
      };
      let next = reading(0);
      for (const [i, { at }] of this.#places.entries()) {
        const { bytesRead, buffer } = (await next)!;
        next = reading(i + 1);
        const record = unframe(buffer.subarray(0, bytesRead), 0);
        try {
          if (record.state !== 'record')
            throw new Error('its bytes are not those that were written.');
          const event = decodeEvent(record.data);
          if (event?.type === 'resumed') inspected.rewind(event.step);
          if (event?.type === 'activity' || event?.type === 'weights') inspected.push(event);
          if (event?.type === 'distributions') inspected.push(this.#look(event, record.data, at));
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          problem ??= `The log is damaged at byte ${at}, and what was measured there is left out: ${why}`;
        }
      }
      return problem;
    } finally {
      await handle.close();
    }
  }

  /** Without its counts, where they can be found again: as the codec writes them, at the record's end. */
  #look(event: DistributionsEvent, data: Uint8Array, at: number): Look {
    const { counts } = event;
    const bytes = Buffer.from(counts.buffer, counts.byteOffset, counts.byteLength);
    const from = data.length - counts.byteLength;
    if (from < 0 || bytes.compare(data, from) !== 0) return event;
    return { ...event, counts: { file: this.#file, at: at + HEADER_BYTES + from } };
  }
}
