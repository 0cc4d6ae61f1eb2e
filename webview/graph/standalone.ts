import { escaped } from '../../core/report/markup.ts';
import { css } from '../color.ts';
import type { Theme } from '../theme.ts';

/** What the style sheet decides of a drawing. */
const LOOK = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'opacity',
  'font-size',
  'text-anchor',
  'dominant-baseline',
] as const;
const MARGIN = 14;

/** A drawing whole, in the colors of the view, as lines and text that need no style sheet. */
export function standaloneSvg(
  title: string,
  scene: SVGGElement,
  size: { width: number; height: number },
  theme: Theme,
): string {
  const copy = scene.cloneNode(true) as SVGGElement;
  copy.setAttribute('transform', `translate(${MARGIN} ${MARGIN})`);
  const shown = scene.querySelectorAll('*');
  for (const [i, part] of [...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(shown[i]!);
    // What is only to be hit by the pointer is nothing to be seen.
    if (part.matches('.hit')) part.remove();
    for (const name of LOOK) part.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'role', 'tabindex', 'data-node']) part.removeAttribute(name);
  }
  const [width, height] = [size.width + 2 * MARGIN, size.height + 2 * MARGIN].map(Math.ceil);
  const drawing = new XMLSerializer().serializeToString(copy);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escaped(theme.font)}"><title>${escaped(title)}</title><rect width="${width}" height="${height}" fill="${css(theme.background)}"/>${drawing}</svg>`;
}
