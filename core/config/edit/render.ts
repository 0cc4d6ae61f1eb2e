import { parseDocument } from 'yaml';
import type { Json } from '../../events/finding.ts';

/** How a config's text is written. */
export interface Style {
  json: boolean;
  /** Spaces of one level. */
  indent: number;
  newline: string;
}

/** The value on one line. */
export function inline(value: Json, style: Style): string {
  if (Array.isArray(value)) return `[${value.map((item) => inline(item, style)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${scalar(key, style)}: ${inline(item, style)}`,
    );
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return scalar(value, style);
}

/** `key: value` in a block at this column; maps and lists of maps get lines of their own. */
export function blockEntry(key: string, value: Json, column: number, style: Style): string {
  const name = scalar(key, style);
  if (isCollection(value) && !isShort(value)) {
    const inner = column + style.indent;
    return `${name}:${style.newline}${' '.repeat(inner)}${block(value, inner, style)}`;
  }
  return `${name}: ${inline(value, style)}`;
}

/** `- value` in a block at this column. */
export function blockItem(value: Json, column: number, style: Style): string {
  return `- ${isCollection(value) && !isShort(value) ? block(value, column + 2, style) : inline(value, style)}`;
}

/** The first line is not indented: it stands where its caller is. */
function block(value: Json[] | { [key: string]: Json }, column: number, style: Style): string {
  const lines = Array.isArray(value)
    ? value.map((item) => blockItem(item, column, style))
    : Object.entries(value).map(([key, item]) => blockEntry(key, item, column, style));
  return lines.join(style.newline + ' '.repeat(column));
}

function isCollection(value: Json): value is Json[] | { [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

/** Empty, or a list of plain values: one line reads better. */
function isShort(value: Json[] | { [key: string]: Json }): boolean {
  if (Array.isArray(value)) return !value.some(isCollection);
  return Object.keys(value).length === 0;
}

/** `like` is the text that it replaces, whose quotes are kept. */
export function scalar(value: null | boolean | number | string, style: Style, like = ''): string {
  if (typeof value === 'number') return number(value, style);
  if (typeof value !== 'string') return String(value);
  if (style.json || like.startsWith('"')) return JSON.stringify(value);
  if (like.startsWith("'") && /^[\x20-\x7e]*$/.test(value))
    return `'${value.replaceAll("'", "''")}'`;
  return isPlain(value) ? value : JSON.stringify(value);
}

function number(value: number, style: Style): string {
  if (!Number.isFinite(value) && !style.json) {
    if (Number.isNaN(value)) return '.nan';
    return value > 0 ? '.inf' : '-.inf';
  }
  if (Object.is(value, -0)) return '-0.0';
  const short = value.toExponential();
  const long = String(value);
  return Math.abs(value) < 0.01 && short.length < long.length ? short : long;
}

/** Whether YAML reads these characters without quotes as this text, in any place. */
function isPlain(value: string): boolean {
  if (!/^[\p{L}\p{N}_./\\-][\p{L}\p{N}_./\\ +-]*$/u.test(value) || value.endsWith(' '))
    return false;
  return parseDocument(value).toJS() === value && !/^(---|\.\.\.)/.test(value);
}
