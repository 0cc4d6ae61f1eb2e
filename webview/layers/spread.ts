import { type Color, css, mix } from '../color.ts';
import type { Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { sized } from './canvas.ts';

/** Curves one behind another: the chosen moment in front, and this many before it. */
const CURVES = 9;
/** How much farther right, as a part of the width, and up, in pixels, the one behind stands. */
const BEHIND = { x: 0.021, y: 3.2 };
/** The part of the height that the highest column takes; what is beyond is cut off. */
const HIGH = 0.7;
/** `Picture.density` of the highest column. */
const FULL = 200;

export type SpreadStyle = 'ridges' | 'heat';

/** Draws how values were spread up to a moment. */
export function drawSpread(
  canvas: HTMLCanvasElement,
  picture: Picture,
  moment: number,
  style: SpreadStyle,
  color: Color,
  theme: Theme,
): void {
  const place = sized(canvas);
  if (!place) return;
  if (style === 'ridges') drawRidges(place, picture, moment, color, theme);
  else drawHeat(place, picture, moment, color, theme);
}

type Place = NonNullable<ReturnType<typeof sized>>;

function drawRidges(
  { context, width, height }: Place,
  { density, columns, from, to }: Picture,
  moment: number,
  color: Color,
  theme: Theme,
): void {
  const chosen = evenly(moment, CURVES);
  const behind = chosen.length - 1;
  const plot = width * (1 - (CURVES - 1) * BEHIND.x) - 1;
  const base = height - 2;
  const high = HIGH * (base - (CURVES - 1) * BEHIND.y) * (255 / FULL);
  context.lineJoin = 'round';
  if (from < 0 && to > 0) {
    const zero = Math.round((-from / (to - from)) * plot) + 0.5;
    context.strokeStyle = css(theme.grid);
    context.beginPath();
    context.moveTo(zero, base);
    context.lineTo(zero, 0);
    context.stroke();
  }
  for (const [i, at] of chosen.entries()) {
    const depth = behind - i;
    const x = depth * BEHIND.x * width;
    const y = base - depth * BEHIND.y;
    const front = depth === 0;
    context.beginPath();
    for (let column = 0; column < columns; column++) {
      const share = density[at * columns + column]! / 255;
      const px = x + ((column + 0.5) / columns) * plot;
      const py = y - share * high;
      if (column === 0) context.moveTo(px, py);
      else context.lineTo(px, py);
    }
    const line = front
      ? color
      : mix(theme.background, color, 0.35 + 0.4 * (i / Math.max(1, behind)));
    context.strokeStyle = css(line);
    context.lineWidth = front ? 1.6 : 0.9;
    context.stroke();
    // What stands in front hides what is behind it.
    context.lineTo(x + plot, y + BEHIND.y);
    context.lineTo(x, y + BEHIND.y);
    context.closePath();
    context.fillStyle = css(theme.background);
    context.globalAlpha = front ? 0.55 : 0.75;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = css(line);
  }
}

/** Time to the right, values upwards: the darker or lighter, the more of them. */
function drawHeat(
  { context, width, height }: Place,
  { density, columns }: Picture,
  moment: number,
  color: Color,
  theme: Theme,
): void {
  const moments = density.length / columns;
  const image = new ImageData(moments, columns);
  for (let at = 0; at < moments; at++) {
    for (let column = 0; column < columns; column++) {
      const share = Math.min(1, Math.sqrt(density[at * columns + column]! / FULL));
      const [r, g, b] = mix(theme.background, color, share);
      image.data.set([r, g, b, 255], ((columns - 1 - column) * moments + at) * 4);
    }
  }
  const small = new OffscreenCanvas(moments, columns);
  small.getContext('2d')!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
  const x = ((moment + 0.5) / moments) * width;
  context.strokeStyle = css(theme.foreground);
  context.setLineDash([2, 2]);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.setLineDash([]);
}

/** At most `most` of 0 … last, the last among them. */
export function evenly(last: number, most: number): number[] {
  const count = Math.min(most, last + 1);
  if (count === 1) return [last];
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
}
