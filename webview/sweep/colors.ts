import { type Color, mix } from '../color.ts';
import { lineColor, type Theme } from '../theme.ts';

/**
 * Viridis (van der Walt and Smith, 2015), thinned: even steps for the eye, also without red or green. What is
 * best stands out most from the background: yellow on dark, violet on light.
 */
const VIRIDIS: readonly Color[] = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
];

/** So many colors are told apart: lines of one color are drawn at once. */
export const LEVELS = 24;

/** From the worst to the best. */
export function rankColors(theme: Theme): Color[] {
  const [r, g, b] = theme.background;
  const isDark = r + g + b < 384;
  return Array.from({ length: LEVELS }, (_, level) => {
    const share = level / (LEVELS - 1);
    const at = (isDark ? share : 1 - share) * (VIRIDIS.length - 1);
    const stop = Math.min(VIRIDIS.length - 2, Math.floor(at));
    return lineColor(mix(VIRIDIS[stop]!, VIRIDIS[stop + 1]!, at - stop), theme);
  });
}

/** Which of the colors a rank has. */
export const levelOf = (rank: number): number => Math.round(rank * (LEVELS - 1));
