import { type Color, mix } from '../color.ts';
import { lineColor, type Theme } from '../theme.ts';

/** Seven colors that stay apart for the color-blind: Okabe and Ito 2008. */
const HUES: readonly Color[] = [
  [0, 114, 178],
  [230, 159, 0],
  [0, 158, 115],
  [204, 121, 167],
  [213, 94, 0],
  [86, 180, 233],
  [240, 228, 66],
];

/** What dots look like where there are more classes than colors. */
export const MARKERS = ['circle', 'square', 'triangle', 'diamond'] as const;
export type Marker = (typeof MARKERS)[number];

/** The colors come round again, each time with another marker. */
export const classColor = (k: number, theme: Theme): Color =>
  lineColor(HUES[k % HUES.length]!, theme);
export const classMarker = (k: number): Marker =>
  MARKERS[Math.floor(k / HUES.length) % MARKERS.length]!;

/** From blue over grey to orange: `share` 0 … 1 of the way. */
export function valueColor(share: number, theme: Theme): Color {
  const [low, high] = [HUES[0]!, HUES[1]!];
  const middle: Color = [140, 140, 140];
  const color = share < 0.5 ? mix(low, middle, 2 * share) : mix(middle, high, 2 * share - 1);
  return lineColor(color, theme);
}
