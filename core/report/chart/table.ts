/** What stands in a table: a number in full, a word, or nothing. */
export type Cell = string | number | null;

/** The numbers of a chart or a picture: what is saved as CSV, copied as Markdown and told in words. */
export interface Table {
  title: string;
  /** Heads, with their units: "time (s)". */
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** The same in few rows, for people; null: the rows are few. */
  digest: Digest | null;
}

/** A table that is read, not computed with. */
export type Digest = Pick<Table, 'columns' | 'rows'>;

/** More rows than this nobody reads. */
const MOST_ROWS = 60;

/** RFC 4180, with heads; numbers in full, NaN, Infinity and -Infinity as such. */
export function csvOf({ columns, rows }: Pick<Table, 'columns' | 'rows'>): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table as GitHub shows it, below its title: of many rows the digest. */
export function markdownOf(table: Table): string {
  const { columns, rows } = readable(table);
  const lines = [columns, columns.map(() => '---'), ...rows].map(
    (row) => `| ${row.map(markdownCell).join(' | ')} |\n`,
  );
  const left = table.digest || rows.length === table.rows.length ? '' : omitted(table, rows.length);
  return `**${markdownCell(table.title)}**\n\n${lines.join('')}${left}`;
}

/** What people read of a table. */
export function readable({ columns, rows, digest }: Table): Digest {
  if (rows.length <= MOST_ROWS && !digest) return { columns, rows };
  return digest ?? { columns, rows: rows.slice(0, MOST_ROWS) };
}

function omitted({ rows }: Table, shown: number): string {
  return `\n${rows.length - shown} more rows are in the CSV.\n`;
}

function markdownCell(cell: Cell): string {
  if (cell === null) return '';
  return String(cell)
    .replaceAll(/[\\|*_`<>[\]]/g, '\\$&')
    .replaceAll(/\s+/g, ' ');
}
