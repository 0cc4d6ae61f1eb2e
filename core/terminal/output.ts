import { type Place, UserError } from '../events/user-error.ts';
import type { Screen } from './train-view.ts';

type Stream = NodeJS.WriteStream;

/** Standard output and error, as JSON lines or for people. */
export class Output {
  readonly #out: Stream;
  readonly #err: Stream;
  readonly #json: boolean;
  #closed = false;
  #whenClosed: () => void = () => {};

  constructor(out: Stream, err: Stream, json: boolean) {
    this.#out = out;
    this.#err = err;
    this.#json = json;
    // `| head` has seen enough: no error, but nobody listens any more.
    out.on('error', (error) => {
      if (!('code' in error) || error.code !== 'EPIPE') throw error;
      this.#closed = true;
      this.#whenClosed();
    });
  }

  /** `listener` is called when the reader of standard output has gone. */
  onClosed(listener: () => void): void {
    this.#whenClosed = listener;
    if (this.#closed) listener();
  }

  /** Standard output; silent when its reader has gone. */
  get screen(): Screen {
    const { isTTY, columns } = this.#out;
    return { isTTY, columns, write: (text) => this.#write(text) };
  }

  /** A word to the user beside the output proper. */
  notice(text: string): void {
    this.#err.write(`${this.#err.isTTY ? '\r\x1b[K' : ''}${text}\n`);
  }

  /** A line of JSON on standard output, or `file:line:column: message` on standard error. */
  error(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const place: Place = error instanceof UserError ? error.place : {};
    if (this.#json) {
      const { file, line, column, path, rule } = place;
      this.#write(
        `${JSON.stringify({ type: 'error', message, file, line, column, path, rule })}\n`,
      );
      return;
    }
    const where = [place.file, place.line, place.column].filter((part) => part !== undefined);
    this.notice(where.length > 0 ? `${where.join(':')}: ${message}` : message);
  }

  #write(text: string): void {
    if (!this.#closed) this.#out.write(text);
  }
}
