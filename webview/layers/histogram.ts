import { type Pen, SvgPen, svgOf } from '../../core/report/chart/pen.ts';
import { linearTicks, linearTickTexts } from '../../core/report/chart/ticks.ts';
import { FONT_SIZE } from '../chart/graph.ts';
import { type Color, css } from '../color.ts';
import type { Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';

/** Room below for the axis. Pixels. */
const AXIS = 18;
/** `Picture.density` of the highest column. */
const FULL = 200;

export interface HistogramLook {
  color: Color;
  theme: Theme;
  /** The column that is read; null: none. */
  read: number | null;
}

/** How values are spread at a moment, with the axis of values below. */
export function drawHistogram(
  pen: Pen,
  { width, height }: { width: number; height: number },
  { from, to, columns, density }: Picture,
  moment: number,
  { color, theme, read }: HistogramLook,
): void {
  const base = height - AXIS;
  const step = width / columns;
  for (let column = 0; column < columns; column++) {
    pen.fillStyle = css(column === read ? theme.foreground : color);
    const share = density[moment * columns + column]! / FULL;
    const high = (Math.min(1.2, share) / 1.2) * (base - 4);
    pen.fillRect(column * step, base - high, Math.max(1, step - 0.5), high);
  }
  pen.fillStyle = css(theme.grid);
  pen.fillRect(0, base, width, 1);
  const ticks = linearTicks(from, to, Math.max(3, Math.floor(width / 55)));
  const texts = linearTickTexts(ticks);
  pen.fillStyle = css(theme.dim);
  pen.font = `${FONT_SIZE}px ${theme.font}`;
  pen.textBaseline = 'bottom';
  for (const [i, tick] of ticks.entries()) {
    const x = ((tick - from) / (to - from)) * width;
    pen.textAlign = x < 14 ? 'left' : x > width - 14 ? 'right' : 'center';
    pen.fillText(texts[i]!, x, height);
  }
}

const SAVED = { width: 440, height: 200 };
const MARGIN = 20;
const TITLE = 34;

/** The same as a picture that can stand alone. */
export function histogramSvg(
  title: string,
  picture: Picture,
  moment: number,
  look: HistogramLook,
): string {
  const width = SAVED.width + 2 * MARGIN;
  const height = SAVED.height + TITLE + MARGIN;
  const pen = new SvgPen();
  pen.fillStyle = css(look.theme.background);
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = css(look.theme.foreground);
  pen.font = `13px ${look.theme.font}`;
  pen.fillText(title, MARGIN, 22);
  const plot = new SvgPen();
  drawHistogram(plot, SAVED, picture, moment, look);
  const moved = `<g transform="translate(${MARGIN} ${TITLE})">${plot.markup}</g>`;
  return svgOf(title, width, height, pen.markup + moved);
}
