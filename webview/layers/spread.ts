import { SvgPen, svgOf } from '../../core/report/chart/pen.ts';
import { drawRidges, type RidgeColors } from '../../core/report/chart/ridges.ts';
import { type Color, css, mix } from '../color.ts';
import { brief } from '../format.ts';
import type { Picture } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { sized } from './canvas.ts';

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
  if (style === 'ridges')
    drawRidges(place.context, place, picture, moment, ridgeColors(color, theme));
  else drawHeat(place, picture, moment, color, theme);
}

type Place = NonNullable<ReturnType<typeof sized>>;

/** The line in front, and those behind it as far as they are away. */
export function ridgeColors(color: Color, theme: Theme): RidgeColors {
  return {
    front: css(color),
    behind: (nearness) => css(mix(theme.background, color, 0.35 + 0.4 * nearness)),
    background: css(theme.background),
    zero: css(theme.grid),
  };
}

/** Ridges as they were drawn. */
export interface DrawnSpread {
  picture: Picture;
  moment: number;
  color: Color;
}

const SAVED = { width: 340, height: 120 };

/** Ridges side by side, as a picture of lines that can stand alone; null: nothing was finite. */
export function spreadsSvg(
  title: string,
  spreads: readonly (DrawnSpread | null)[],
  theme: Theme,
): string {
  const { width, height } = SAVED;
  const pen = new SvgPen();
  pen.fillStyle = css(theme.background);
  pen.fillRect(0, 0, spreads.length * (width + 20) + 20, height + 64);
  pen.fillStyle = css(theme.foreground);
  pen.font = `13px ${theme.font}`;
  pen.fillText(title, 20, 22);
  const parts = spreads.map((spread, i) => {
    const part = new SvgPen();
    part.font = `11px ${theme.font}`;
    part.fillStyle = css(theme.dim);
    if (spread) {
      const { picture, moment, color } = spread;
      drawRidges(part, SAVED, picture, moment, ridgeColors(color, theme));
      part.fillStyle = css(theme.dim);
      part.fillText(brief(picture.from), 0, height + 14);
      part.textAlign = 'right';
      // The curves behind stand out to the right.
      part.fillText(brief(picture.to), width * 0.83, height + 14);
    } else part.fillText('no finite value', 0, height / 2);
    return `<g transform="translate(${20 + i * (width + 20)} 34)">${part.markup}</g>`;
  });
  const size = [spreads.length * (width + 20) + 20, height + 64] as const;
  return svgOf(title, ...size, pen.markup + parts.join(''));
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
