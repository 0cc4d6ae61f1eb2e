import type { Ink } from '../../core/report/chart/svg.ts';
import type { Table } from '../../core/report/chart/table.ts';
import { escaped } from '../../core/report/markup.ts';
import { type Color, css } from '../color.ts';
import { type Theme, textColor } from '../theme.ts';

/** What a chart or a picture offers to take away. */
export interface Exportable {
  /** What it is: the file is named so. */
  name: string;
  /** Its numbers. Throws where there are too many. */
  table(): Table;
  /** It as a picture of lines, or of pixels; null: it is a table and nothing else. */
  picture: { of: 'lines' | 'pixels'; svg(): string } | null;
}

/** How it is taken. */
export const FORMATS = ['png', 'svg', 'csv', 'markdown'] as const;
export type Format = (typeof FORMATS)[number];

/** The colors of a chart that leaves the view: those of the theme, on its background. */
export function inkOf(theme: Theme): Ink<Color> {
  return {
    of: css,
    text: (color) => css(textColor(color, theme)),
    background: css(theme.background),
    foreground: css(theme.foreground),
    dim: css(theme.dim),
    grid: css(theme.grid),
    error: css(theme.error),
    font: theme.font,
  };
}

/**
 * A canvas or more, as a picture that can stand alone: its title above, the pixels of each as they are, below
 * it what it shows.
 */
export function pixelSvg(
  title: string,
  canvases: readonly HTMLCanvasElement[],
  theme: Theme,
  captions: readonly string[] = [],
): string {
  const GAP = 16;
  const TOP = 32;
  const LINE = 16;
  const sizes = canvases.map(
    ({ clientWidth, clientHeight }) => [clientWidth, clientHeight] as const,
  );
  const width = sizes.reduce((sum, [wide]) => sum + wide + GAP, GAP);
  const below = captions.length > 0 ? LINE : 0;
  const height = TOP + Math.max(...sizes.map(([, high]) => high)) + below + GAP;
  const label = (text: string, x: number, y: number) =>
    `<text x="${x}" y="${y}" font-size="11" fill="${css(theme.dim)}">${escaped(text)}</text>`;
  let left = GAP;
  const images = canvases.map((canvas, i) => {
    const [wide, high] = sizes[i]!;
    const image = `<image x="${left}" y="${TOP}" width="${wide}" height="${high}" preserveAspectRatio="none" image-rendering="pixelated" href="${canvas.toDataURL()}"/>`;
    const caption = captions[i] ? label(captions[i], left, TOP + high + 13) : '';
    left += wide + GAP;
    return image + caption;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escaped(theme.font)}"><title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="${css(theme.background)}"/><text x="${GAP}" y="21" font-size="13" font-weight="600" fill="${css(theme.foreground)}">${escaped(title)}</text>${images.join('')}</svg>`;
}
