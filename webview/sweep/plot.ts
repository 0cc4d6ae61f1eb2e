import { type Pen, SvgPen, svgOf } from '../../core/report/chart/pen.ts';
import { readable, type Table } from '../../core/report/chart/table.ts';
import { escaped } from '../../core/report/markup.ts';
import { FONT_SIZE } from '../chart/graph.ts';
import { css } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { sized } from '../layers/canvas.ts';
import type { Theme } from '../theme.ts';

export interface Size {
  width: number;
  height: number;
}

/** What is drawn, and what it says to those who do not see it. */
export interface Painting {
  /** Right of the title. */
  note: string;
  /** In a sentence. */
  summary: string;
  table(): Table;
  paint(pen: Pen, size: Size): void;
}

const TITLE = 28;

/** A drawing with its title, a layer for what is pointed at, its way out as a file, and its numbers as a table. */
export class Plot {
  readonly element: HTMLElement;
  /** Lies over the drawing: hears pointer and keys. */
  readonly over: HTMLElement;
  readonly #box: HTMLElement;
  readonly #title: HTMLElement;
  readonly #note = element('span', { class: 'note' });
  readonly #canvas = element('canvas', { role: 'img' });
  readonly #top = element('canvas', { class: 'top', 'aria-hidden': 'true' });
  readonly #table = element('table');
  #painting: Painting | null = null;
  #theme: Theme;
  #told = '';

  constructor(
    kind: string,
    title: string,
    theme: Theme,
    { tools = null }: { tools?: HTMLElement | null } = {},
  ) {
    this.#theme = theme;
    this.#title = element('h2', { text: title });
    this.over = element('div', { class: 'over' });
    this.#box = element('div', { class: 'drawing' }, this.#canvas, this.#top, this.over);
    const words = element('div', { class: 'visually-hidden' }, this.#table);
    this.element = element('figure', { class: `panel ${kind}` }, this.#box, words);
    const button = exportButton(this.element, title, () => this.#exportable());
    const beside = tools ? element('span', { class: 'tools' }, tools, this.#note) : this.#note;
    this.element.prepend(element('figcaption', {}, this.#title, beside, button));
  }

  draw(painting: Painting, theme: Theme): void {
    this.#painting = painting;
    this.#theme = theme;
    setText(this.#note, painting.note);
    setAttribute(this.#canvas, 'aria-label', `${this.#title.textContent}. ${painting.summary}`);
    const place = sized(this.#canvas);
    if (place) this.#paint(place.context, place);
  }

  /** As high as what it shows needs. Pixels. */
  set height(pixels: number) {
    this.#box.style.height = `${pixels}px`;
  }

  /** Draws on the layer above, and leaves the drawing as it is. */
  point(paint: (pen: CanvasRenderingContext2D, size: Size) => void): void {
    const place = sized(this.#top);
    if (!place) return;
    place.context.font = `${FONT_SIZE}px ${this.#theme.font}`;
    paint(place.context, place);
  }

  /** Writes the table for screen readers: not at each frame. */
  tell(): void {
    if (!this.#painting) return;
    const { columns, rows } = readable(this.#painting.table());
    const told = JSON.stringify([columns, rows]);
    if (told === this.#told) return;
    this.#told = told;
    const line = (cells: readonly (string | number | null)[], tag: 'th' | 'td') =>
      element('tr', {}, ...cells.map((cell) => element(tag, { text: String(cell ?? '') })));
    this.#table.replaceChildren(
      element('caption', { text: `${this.#title.textContent}: numbers` }),
      line(columns, 'th'),
      ...rows.map((row) => line(row, 'td')),
    );
  }

  #paint(pen: Pen, size: Size): void {
    pen.font = `${FONT_SIZE}px ${this.#theme.font}`;
    pen.globalAlpha = 1;
    pen.lineWidth = 1;
    this.#painting!.paint(pen, size);
  }

  #exportable() {
    const painting = this.#painting;
    if (!painting) return null;
    const title = this.#title.textContent;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const svg = () => {
      const pen = new SvgPen();
      this.#paint(pen, { width, height });
      const { background, foreground, font } = this.#theme;
      const shapes = `<rect width="${width}" height="${height + TITLE}" fill="${css(background)}"/><text x="8" y="18" font-size="13" font-weight="600" font-family="${escaped(font)}" fill="${css(foreground)}">${escaped(title)}</text><g transform="translate(0 ${TITLE})">${pen.markup}</g>`;
      return svgOf(title, width, height + TITLE, shapes);
    };
    return { name: title, table: painting.table, picture: { of: 'lines' as const, svg } };
  }
}
