interface Attributes {
  class?: string;
  text?: string;
  /** Any other attribute, `style` excepted: the content security policy forbids it. */
  [attribute: string]: string | undefined;
}

/** Creates an element; text goes in as text, never as markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: className, text, ...attributes }: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Sets text only where it changes, so that a selection in it and screen readers are left alone. */
export function setText(node: Element, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

export function setAttribute(node: Element, name: string, value: string): void {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

const SVG = 'http://www.w3.org/2000/svg';

/** Creates a part of a drawing. */
export function drawn<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: { [attribute: string]: string | number } = {},
  ...children: Node[]
): SVGElementTagNameMap[K] {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** A 16 × 16 icon in the text's color from one path. */
export function icon(path: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('width', '16');
  svg.setAttribute('height', '16');
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(SVG, 'path');
  shape.setAttribute('d', path);
  shape.setAttribute('fill', 'currentColor');
  svg.append(shape);
  return svg;
}

/** A short piece of line, drawn as the curve is: the same color and dashes. */
export class Swatch {
  readonly element = document.createElementNS(SVG, 'svg');
  readonly #line = document.createElementNS(SVG, 'line');

  constructor() {
    this.element.setAttribute('class', 'swatch');
    this.element.setAttribute('aria-hidden', 'true');
    this.element.setAttribute('viewBox', '0 0 18 8');
    for (const [name, value] of Object.entries({ x1: '0', x2: '18', y1: '4', y2: '4' })) {
      this.#line.setAttribute(name, value);
    }
    this.element.append(this.#line);
  }

  set(style: { color: string; width: number; dash: readonly number[] }): void {
    setAttribute(this.#line, 'stroke', style.color);
    setAttribute(this.#line, 'stroke-width', String(style.width));
    setAttribute(this.#line, 'stroke-dasharray', style.dash.join(' ') || 'none');
  }
}
