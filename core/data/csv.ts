import { closest, distance } from 'fastest-levenshtein';
import type { ConfigPath } from '../events/finding.ts';
import type { Task } from '../events/run-event.ts';
import { UserError } from '../events/user-error.ts';
import { listNames, orderClasses } from './classes.ts';
import { eachRecord } from './csv-records.ts';
import { Growing } from './growing.ts';
import type { Source } from './source.ts';
import { readChunks, refuseTooLarge, type SourceFile } from './source-file.ts';

export interface CsvOptions {
  /** The label's column. */
  label: string;
  task: Task;
  /** Read only the first examples. */
  limit: number | undefined;
  /** The features wanted, in this order (those of the training file); by default all but the label. */
  columns?: string[];
  signal?: AbortSignal;
}

/** What people and programs write into a cell that has no value, in lower case. */
const MISSING = new Set(['', 'na', 'n/a', 'nan', 'null', '?']);

/**
 * Reads RFC 4180 text with a header row, as a stream. Numbers go to one Float32Array; missing cells
 * become NaN. Labels are class names, or numbers for regression.
 */
export async function readCsv(file: SourceFile, options: CsvOptions): Promise<Source> {
  const table = new Table(file, options);
  await eachRecord(file, readChunks(file, options.signal), (record, line, bytes) => {
    table.add(record, line, bytes);
    return table.count === options.limit;
  });
  return table.finish();
}

function emptyFile(file: SourceFile): UserError {
  return new UserError(`"${file.name}" is empty; a header row and examples were expected.`, {
    path: file.key,
  });
}

/** Takes records one at a time: the first is the header. */
class Table {
  readonly #file: SourceFile;
  readonly #options: CsvOptions;
  #header: string[] | null = null;
  #labelColumn = -1;
  /** Positions of the features in a record. */
  #features: number[] = [];
  readonly #inputs = new Growing((length) => new Float32Array(length));
  readonly #labels = new Growing((length) => new Int32Array(length));
  readonly #targets = new Growing((length) => new Float32Array(length));
  readonly #lines = new Growing((length) => new Uint32Array(length));
  readonly #classIndex = new Map<string, number>();
  count = 0;

  constructor(file: SourceFile, options: CsvOptions) {
    this.#file = file;
    this.#options = options;
  }

  /** `line` is the record's last line; `bytes` are those read so far. */
  add(record: string[], line: number, bytes: number): void {
    const header = this.#header;
    if (!header) {
      this.#readHeader(record);
      return;
    }
    if (record.length !== header.length) {
      throw this.#error(
        `line ${line} has ${record.length} ${record.length === 1 ? 'cell' : 'cells'}; the header has ${header.length}`,
      );
    }
    this.count++;
    const rows = Math.min(
      this.#options.limit ?? Number.POSITIVE_INFINITY,
      (this.count * this.#file.size * 1.02) / bytes,
    );
    this.#lines.push(line, rows);
    refuseTooLarge(
      Float32Array.BYTES_PER_ELEMENT * this.count * this.#features.length,
      this.#file.name,
      this.#file.key,
    );
    for (const column of this.#features) {
      const cell = record[column]!;
      this.#inputs.push(this.#number(cell, column, line), rows * this.#features.length);
    }
    const label = record[this.#labelColumn]!.trim();
    if (MISSING.has(label.toLowerCase())) {
      throw this.#error(
        `row ${this.count} (line ${line}) has no value in the label column "${this.#options.label}"`,
        ['data', 'label'],
      );
    }
    if (this.#options.task === 'regression') {
      this.#targets.push(this.#number(label, this.#labelColumn, line), rows);
      return;
    }
    let index = this.#classIndex.get(label);
    if (index === undefined) {
      index = this.#classIndex.size;
      this.#classIndex.set(label, index);
    }
    this.#labels.push(index, rows);
  }

  #readHeader(record: string[]): void {
    this.#header = record.map((name) => name.trim());
    const columns = labelPosition(this.#file, this.#header, this.#options.label);
    this.#labelColumn = columns.label;
    this.#features = columns.features;
    const wanted = this.#options.columns;
    if (wanted) {
      const missing = wanted.filter((name) => !this.#header!.includes(name));
      if (missing.length > 0) {
        throw this.#error(`it lacks columns of the training data: ${listNames(missing)}`);
      }
      this.#features = wanted.map((name) => this.#header!.indexOf(name));
    }
  }

  /** A missing cell is NaN. */
  #number(cell: string, column: number, line: number): number {
    const value = Number(cell);
    // Number('') is 0.
    if (!Number.isNaN(value) && (value !== 0 || cell.trim() !== '')) return value;
    const text = cell.trim().toLowerCase();
    if (MISSING.has(text)) return Number.NaN;
    const infinity = /^([+-]?)inf(inity)?$/.exec(text);
    if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
    const name = this.#header![column] || `number ${column + 1}`;
    throw this.#error(
      `row ${this.count} (line ${line}), column "${name}" holds ${JSON.stringify(shorten(cell))}; a number was expected`,
    );
  }

  finish(): Source {
    const { label, task } = this.#options;
    if (!this.#header) throw emptyFile(this.#file);
    if (this.count === 0) throw this.#error('it has a header, but no examples below it');
    const regression = task === 'regression';
    const labels = regression ? null : this.#labels.values;
    const classes = labels && orderClasses(labels, [...this.#classIndex.keys()]);
    if (classes && classes.length === this.count && this.count > 20) {
      throw new UserError(
        `All ${this.count.toLocaleString('en-US')} examples have different values in the label column "${label}", so that each would be a class of its own. Add \`task: regression\` to predict a number, or name another column.`,
        { path: ['data', 'label'] },
      );
    }
    return {
      store: {
        count: this.count,
        inputs: this.#inputs.values,
        labels,
        targets: regression ? this.#targets.values : null,
      },
      shape: [this.#features.length],
      classes,
      columns: this.#features.map((column) => this.#header![column]!),
      lines: this.#lines.values,
    };
  }

  #error(what: string, path: ConfigPath = this.#file.key): UserError {
    return new UserError(`"${this.#file.name}": ${what}.`, { path });
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Which columns hold the label and the features. Throws UserError at data.label. */
function labelPosition(
  file: SourceFile,
  header: string[],
  label: string,
): { label: number; features: number[] } {
  const position = header.indexOf(label);
  if (position < 0) throw noSuchColumn(file, header, label);
  const features = header.map((_, column) => column).filter((column) => column !== position);
  if (features.length === 0) {
    throw new UserError(
      `"${file.name}" has only the label column "${label}"; at least one other column is needed to learn from.`,
      { path: file.key },
    );
  }
  return { label: position, features };
}

function noSuchColumn(file: SourceFile, header: string[], label: string): UserError {
  let hint = ` It has: ${listNames(header)}.`;
  if (header.length === 1 && /[;\t]/.test(header[0]!)) {
    hint = ' Its cells seem to be separated by semicolons or tabs; CSV wants commas.';
  } else if (header.every((name) => name !== '' && Number.isFinite(Number(name)))) {
    hint = ' Its first line holds numbers; a row with the names of the columns was expected there.';
  } else {
    const similar = closest(label, header);
    if (distance(label, similar) <= 2) hint = ` Did you mean "${similar}"?`;
  }
  return new UserError(`"${file.name}" has no column "${label}".${hint}`, {
    path: ['data', 'label'],
  });
}
