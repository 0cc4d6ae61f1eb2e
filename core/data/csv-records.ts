import { CsvError, parse } from 'csv-parse/sync';
import { UserError } from '../events/user-error.ts';
import type { SourceFile } from './source-file.ts';

/** Takes a record, its last line (from 1) and the bytes up to there; true ends the reading. */
export type VisitRecord = (record: string[], line: number, bytes: number) => boolean;

/** A record longer than this is a quote that was never closed, not data. */
const MAXIMUM_RECORD = 16 * 1024 * 1024;

/**
 * Calls `visit` with each record of RFC 4180 text that comes in chunks, until it returns true. Lines
 * without quotation marks are split here, several times faster; what the others mean is for the
 * library to say.
 * @throws UserError at a quotation mark that cannot be read, with its line
 */
export async function eachRecord(
  file: Pick<SourceFile, 'name' | 'key'>,
  chunks: AsyncIterable<Uint8Array>,
  visit: VisitRecord,
): Promise<void> {
  const records = new Records(file, visit);
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const text = rest + decoder.decode(chunk, { stream: true });
    const end = records.take(text);
    if (end === null) return;
    rest = text.slice(end);
    if (rest.length > MAXIMUM_RECORD) break;
  }
  records.parse(rest + decoder.decode());
}

class Records {
  readonly #file: Pick<SourceFile, 'name' | 'key'>;
  readonly #visit: VisitRecord;
  /** Lines and characters (about bytes) of the records visited so far. */
  #lines = 0;
  #length = 0;

  constructor(file: Pick<SourceFile, 'name' | 'key'>, visit: VisitRecord) {
    this.#file = file;
    this.#visit = visit;
  }

  /** Visits the whole records of `text`; the offset of what is left, or null: enough was read. */
  take(text: string): number | null {
    let start = 0;
    for (;;) {
      const quote = text.indexOf('"', start);
      const plainEnd = text.lastIndexOf('\n', quote < 0 ? text.length : quote) + 1;
      if (plainEnd > start && this.#split(text.slice(start, plainEnd - 1))) return null;
      start = Math.max(start, plainEnd);
      if (quote < 0) return start;
      const quotedEnd = endOfQuoted(text, start);
      if (quotedEnd === start) return start;
      if (this.parse(text.slice(start, quotedEnd))) return null;
      start = quotedEnd;
    }
  }

  /** Lines without quotation marks, the last one without its ending. */
  #split(text: string): boolean {
    for (const line of text.split('\n')) {
      this.#lines++;
      this.#length += line.length + 1;
      const record = line.endsWith('\r') ? line.slice(0, -1) : line;
      if (record !== '' && this.#visit(record.split(','), this.#lines, this.#length)) return true;
    }
    return false;
  }

  /** Any whole records. */
  parse(text: string): boolean {
    let isEnough = false;
    const before = this.#length;
    try {
      parse(text, {
        record_delimiter: ['\r\n', '\n'],
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: MAXIMUM_RECORD,
        on_record: (record: string[], { lines, bytes }) => {
          isEnough ||= this.#visit(record, this.#lines + lines, before + bytes);
          return null;
        },
      });
    } catch (error) {
      throw error instanceof CsvError ? this.#quotingError(error) : error;
    }
    this.#lines += countLines(text);
    this.#length += text.length;
    return isEnough;
  }

  #quotingError(error: CsvError): UserError {
    const line = typeof error.lines === 'number' ? ` (line ${this.#lines + error.lines})` : '';
    const what =
      error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
        ? 'a quoted cell is never closed'
        : 'a quotation mark stands where none may be';
    return new UserError(
      `"${this.#file.name}" is not valid CSV: ${what}${line}. Inside a quoted cell a quotation mark is doubled: "like ""this""".`,
      { path: this.#file.key },
    );
  }
}

/** Where the records with quotation marks that begin at `start` end; `start` if the first does not. */
function endOfQuoted(text: string, start: number): number {
  let end = start;
  let from = start;
  let newline = text.indexOf('\n', from);
  for (;;) {
    if (newline >= 0 && newline < from) newline = text.indexOf('\n', from);
    const quote = text.indexOf('"', from);
    // Another record without quotation marks ends these.
    if (quote < 0 || (newline >= 0 && newline < quote)) {
      if (newline < 0 || from === end) return end;
      end = from = newline + 1;
      continue;
    }
    const close = text.indexOf('"', quote + 1);
    if (close < 0) return end;
    from = close + 1;
  }
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
