/** Dots on a canvas: [dots × 2], NaN where one is not drawn. Pixels. */
export type Pixels = Float32Array<ArrayBuffer>;

/** Whether a dot so far right and down lies in the direction of a key: within an eighth of a turn. */
export const AHEAD: { [key: string]: (dx: number, dy: number) => boolean } = {
  ArrowRight: (dx, dy) => dx > 0 && Math.abs(dy) <= dx,
  ArrowLeft: (dx, dy) => dx < 0 && Math.abs(dy) <= -dx,
  ArrowDown: (dx, dy) => dy > 0 && Math.abs(dx) <= dy,
  ArrowUp: (dx, dy) => dy < 0 && Math.abs(dx) <= -dy,
};

/** The place of the dot that is nearest of those that count; −1: none does. */
export function nearestDot(
  pixels: Pixels,
  x: number,
  y: number,
  counts: (dx: number, dy: number) => boolean,
): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let place = 0; place < pixels.length / 2; place++) {
    const [dx, dy] = [pixels[2 * place]! - x, pixels[2 * place + 1]! - y];
    const distance = Math.hypot(dx, dy);
    if (distance < least && counts(dx, dy)) [best, least] = [place, distance];
  }
  return best;
}
