import type { Picture } from '../../inspection/picture.ts';
import type { Pen } from './pen.ts';

/** Curves one behind another: the chosen moment in front, and this many before it. */
const CURVES = 9;
/** How much farther right, as a part of the width, and up, in pixels, the one behind stands. */
const BEHIND = { x: 0.021, y: 3.2 };
/** The part of the height that the highest column takes; what is beyond is cut off. */
const HIGH = 0.7;
/** `Picture.density` of the highest column. */
const FULL = 200;

/** The colors of ridges: of the line in front, of one behind it (0 the farthest … 1), of all else. */
export interface RidgeColors {
  front: string;
  behind(nearness: number): string;
  background: string;
  zero: string;
}

/** How values were spread up to a moment, the latest in front. */
export function drawRidges(
  pen: Pen,
  { width, height }: { width: number; height: number },
  { density, columns, from, to }: Picture,
  moment: number,
  colors: RidgeColors,
): void {
  const chosen = evenly(moment, CURVES);
  const behind = chosen.length - 1;
  const plot = width * (1 - (CURVES - 1) * BEHIND.x) - 1;
  const base = height - 2;
  const high = HIGH * (base - (CURVES - 1) * BEHIND.y) * (255 / FULL);
  pen.lineJoin = 'round';
  if (from < 0 && to > 0) {
    const zero = Math.round((-from / (to - from)) * plot) + 0.5;
    pen.strokeStyle = colors.zero;
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(zero, base);
    pen.lineTo(zero, 0);
    pen.stroke();
  }
  for (const [i, at] of chosen.entries()) {
    const depth = behind - i;
    const x = depth * BEHIND.x * width;
    const y = base - depth * BEHIND.y;
    const front = depth === 0;
    pen.beginPath();
    for (let column = 0; column < columns; column++) {
      const share = density[at * columns + column]! / 255;
      const px = x + ((column + 0.5) / columns) * plot;
      const py = y - share * high;
      if (column === 0) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    }
    pen.strokeStyle = front ? colors.front : colors.behind(i / Math.max(1, behind));
    pen.lineWidth = front ? 1.6 : 0.9;
    pen.stroke();
    // What stands in front hides what is behind it.
    pen.lineTo(x + plot, y + BEHIND.y);
    pen.lineTo(x, y + BEHIND.y);
    pen.closePath();
    pen.fillStyle = colors.background;
    pen.globalAlpha = front ? 0.55 : 0.75;
    pen.fill();
    pen.globalAlpha = 1;
  }
}

/** At most `most` of 0 … last, the last among them. */
export function evenly(last: number, most: number): number[] {
  const count = Math.min(most, last + 1);
  if (count === 1) return [last];
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
}
