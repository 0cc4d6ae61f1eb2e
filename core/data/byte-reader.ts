import { UserError } from '../events/user-error.ts';
import type { SourceFile } from './source-file.ts';

/** What messages call it, and the config key that names it. */
type NamedBytes = Pick<SourceFile, 'name' | 'key'>;

/** A reader of bytes in order, of which the next part is always of known size. */
export class ByteReader {
  readonly #file: NamedBytes;
  readonly #chunks: AsyncGenerator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  /** Bytes taken so far. */
  position = 0;

  constructor(file: NamedBytes, chunks: AsyncGenerator<Uint8Array>) {
    this.#file = file;
    this.#chunks = chunks;
  }

  /** Fills as much of `target` as the file has left; returns the number of bytes. */
  async fill(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done) break;
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, target.length - filled);
      target.set(part, filled);
      this.#rest = this.#rest.subarray(part.length);
      filled += part.length;
    }
    this.position += filled;
    return filled;
  }

  /** The next `length` bytes; throws UserError if the file ends before, naming `what` was expected. */
  async take(length: number, what: string): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const from = this.position;
    if ((await this.fill(bytes)) < length) {
      throw new UserError(
        `"${this.#file.name}" is truncated: expected ${bytesText(from + length)} (${what}), found ${bytesText(this.position)}.`,
        { path: this.#file.key },
      );
    }
    return bytes;
  }

  /** Bytes left, which are read to be counted. */
  async countRest(): Promise<number> {
    let bytes = this.#rest.length;
    for await (const chunk of this.#chunks) bytes += chunk.length;
    return bytes;
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}

export function bytesText(bytes: number): string {
  return `${bytes.toLocaleString('en-US')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
