import type { Paint } from './paint.ts';

/** A trial: its place, from 0 to 1 each, and its rank from 0 (best) to 1; null: no result. */
export interface Dot {
  x: number;
  y: number;
  rank: number | null;
}

const SIZE = { width: 52, height: 12 };
/** From worse to better. */
const MARKS = ['·', '∘', 'o', '●'] as const;

/**
 * Trials over two keys: the better, the fuller the mark; × has no result, ★ is the best. Where several fall into a
 * character the best of them is drawn.
 */
export function scatter(
  dots: readonly Dot[],
  labels: { x: [string, string, string]; y: [string, string, string] },
  paint: Paint,
): string {
  const { width, height } = SIZE;
  const cells = Array.from({ length: height }, () => new Array<string>(width).fill(' '));
  // The best are drawn last.
  const order = dots.toSorted((a, b) => (b.rank ?? 2) - (a.rank ?? 2));
  for (const { x, y, rank } of order) {
    const column = Math.min(width - 1, Math.max(0, Math.floor(x * width)));
    const row = Math.min(height - 1, Math.max(0, Math.floor((1 - y) * height)));
    cells[row]![column] = markOf(rank, paint);
  }
  const [xName, xLow, xHigh] = labels.x;
  const [yName, yLow, yHigh] = labels.y;
  const room = Math.max(yLow.length, yHigh.length);
  const rows = cells.map((cell, i) => {
    const label = i === 0 ? yHigh : i === height - 1 ? yLow : '';
    return `  ${label.padStart(room)} │${cell.join('').trimEnd()}`;
  });
  const gap = Math.max(1, width - xLow.length - xHigh.length - xName.length);
  const half = ' '.repeat(Math.ceil(gap / 2));
  return [
    `  ${' '.repeat(room)}  ${yName}`,
    ...rows,
    `  ${' '.repeat(room)} └${'─'.repeat(width)}`,
    `  ${' '.repeat(room)}  ${xLow}${half}${xName}${half}${xHigh}`,
  ].join('\n');
}

function markOf(rank: number | null, paint: Paint): string {
  if (rank === null) return paint('error', '×');
  if (rank === 0) return paint('validation', '★');
  const index = Math.min(MARKS.length - 1, Math.floor((1 - rank) * MARKS.length));
  return paint(index > 1 ? 'train' : 'faint', MARKS[index]!);
}
