import { type Color, css } from '../color.ts';
import { element, setText } from '../dom.ts';

/** A text or a line across the plot, over a canvas. Pixels. */
export interface Overlaid {
  kind: string;
  text: string;
  /** Of its left edge, or of its right one if it stands `before` that place. */
  x: number;
  before: boolean;
  y: number;
  /** null: as high as its text. */
  height: number | null;
  color: Color;
}

/**
 * What stands over a canvas. Its elements stay while what they say changes, and stand where they do without a
 * transform: a new element, or a changed transform, has the browser make all layers of the page anew.
 */
export class Overlay {
  readonly element = element('div', { class: 'labels', 'aria-hidden': 'true' });
  readonly #nodes: { node: HTMLElement; look: string }[] = [];

  show(all: readonly Overlaid[]): void {
    for (const { node } of this.#nodes.splice(all.length)) node.remove();
    for (const [i, { kind, text, x, before, y, height, color }] of all.entries()) {
      const known = this.#nodes[i] ?? { node: element('span'), look: '' };
      if (i === this.#nodes.length) {
        this.#nodes.push(known);
        this.element.append(known.node);
      }
      const { node } = known;
      setText(node, text);
      const look = [kind, before, x, y, height, css(color)].join(' ');
      if (look === known.look) continue;
      known.look = look;
      node.className = kind;
      node.style.left = before ? '' : `${Math.round(x)}px`;
      node.style.right = before ? `calc(100% - ${Math.round(x)}px)` : '';
      node.style.top = `${Math.round(y)}px`;
      node.style.height = height === null ? '' : `${height}px`;
      node.style.color = css(color);
    }
  }
}
