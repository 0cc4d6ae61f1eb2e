import { formatLoss } from './format.ts';
import type { Paint } from './paint.ts';

/** Dots of a braille character, which is 2 wide and 4 high: bit numbers by [column][row]. */
const DOTS = [
  [0, 1, 2, 6],
  [3, 4, 5, 7],
] as const;
const BRAILLE = 0x2800;
const LABEL_WIDTH = 9;
/** Marks stand at least this many characters apart, so that the line stays visible. */
const MARK_EVERY = 3;
/** A loss that falls by more than this factor is drawn on a log axis: else its tail lies flat. */
const LOG_FROM = 20;

export interface ChartSize {
  /** Characters. */
  width: number;
  height: number;
}

/**
 * The loss over a run: `train` as a line from the first step to the last, `validation` as a mark at
 * its place from 0 to 1. What is not finite is a cross at the top.
 */
export function lossChart(
  train: readonly number[],
  validation: readonly { at: number; loss: number }[],
  { width, height }: ChartSize,
  paint: Paint,
): string {
  const values = [...train, ...validation.map(({ loss }) => loss)].filter(Number.isFinite);
  if (values.length === 0) return '';
  const top = values.reduce((a, b) => Math.max(a, b));
  const bottom = values.reduce((a, b) => Math.min(a, b));
  const log = bottom > 0 && top / bottom > LOG_FROM;
  const scale = (value: number) => (log ? Math.log(value) : value);
  const rowOf = (value: number, rows: number) =>
    top === bottom
      ? rows - 1
      : Math.round(((scale(top) - scale(value)) / (scale(top) - scale(bottom))) * (rows - 1));

  const dots = Array.from({ length: height }, () => new Uint8Array(width));
  const marks = Array.from({ length: height }, () => new Array<string | null>(width).fill(null));
  const columns = 2 * width;
  let previous: number | null = null;
  for (let x = 0; x < columns; x++) {
    const value = meanOver(train, x / columns, (x + 1) / columns);
    if (!Number.isFinite(value)) {
      marks[0]![x >> 1] = paint('error', '×');
      previous = null;
      continue;
    }
    const row = rowOf(value, 4 * height);
    const from = previous ?? row;
    for (let y = Math.min(from, row); y <= Math.max(from, row); y++) {
      dots[y >> 2]![x >> 1]! |= 1 << DOTS[(x & 1) as 0 | 1][(y & 3) as 0 | 1 | 2 | 3];
    }
    previous = row;
  }
  let free = 0;
  for (const { at, loss } of validation) {
    const column = Math.min(width - 1, Math.floor(at * width));
    if (!Number.isFinite(loss)) marks[0]![column] = paint('error', '×');
    else if (column >= free) {
      marks[rowOf(loss, height)]![column] = paint('validation', 'o');
      free = column + MARK_EVERY;
    }
  }

  const rows = dots.map((line, y) => {
    const label = y === 0 ? formatLoss(top) : y === height - 1 ? formatLoss(bottom) : '';
    const cells = Array.from(line, (bits, x) => {
      const mark = marks[y]![x];
      return mark ?? (bits === 0 ? ' ' : paint('train', String.fromCharCode(BRAILLE + bits)));
    });
    return `${label.padStart(LABEL_WIDTH)} ┤${cells.join('')}`.trimEnd();
  });
  const legend = [
    `${paint('train', '⠒')} train loss`,
    ...(validation.length > 0 ? [`${paint('validation', 'o')} validation loss`] : []),
    ...(log ? ['log axis'] : []),
  ].join('   ');
  return `${rows.join('\n')}\n${' '.repeat(LABEL_WIDTH)} └${'─'.repeat(width)}\n${' '.repeat(LABEL_WIDTH + 2)}${legend}\n`;
}

/** Of the values between two fractions of the curve; at least the nearest one. */
function meanOver(values: readonly number[], from: number, to: number): number {
  const first = Math.min(values.length - 1, Math.floor(from * values.length));
  const end = Math.max(first + 1, Math.floor(to * values.length));
  let sum = 0;
  for (let i = first; i < end; i++) sum += values[i]!;
  return sum / (end - first);
}
