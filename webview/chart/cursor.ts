import { css } from '../color.ts';
import { element, Swatch, setAttribute } from '../dom.ts';
import { type Axis, position } from '../format.ts';
import { type Content, type Line, nearest } from './content.ts';
import type { Graph } from './graph.ts';

/** More readings than this would cover the graph; those nearest to the pointer are listed. */
const MOST_READINGS = 12;

interface Reading {
  line: Line;
  x: number;
  y: number;
}

/**
 * A line across the plot, moved by pointer or arrow keys, with the exact values there. It lies over
 * the canvas, so that moving it draws no graph anew. To assistive technology it is a slider whose
 * value is what it reads.
 */
export class Cursor {
  readonly element: HTMLElement;
  /** Told where it moves; null: away. The other panels follow. */
  moved: (x: number | null) => void = () => {};
  axis: Axis = 'epochs';
  readonly #graph: Graph;
  readonly #rule = element('div', { class: 'rule' });
  readonly #dots = element('div', { class: 'dots' });
  readonly #readout = element('div', { class: 'readout' });
  #content: Content | null = null;
  #x: number | null = null;
  #pointerY = 0;
  /** This panel's own pointer or keys moved it: it lists the values. */
  #own = false;

  constructor(graph: Graph, title: string) {
    this.#graph = graph;
    this.element = element(
      'div',
      { class: 'cursor', role: 'slider', tabindex: '0', 'aria-label': `Read values: ${title}` },
      this.#rule,
      this.#dots,
      this.#readout,
    );
    this.element.addEventListener('pointermove', (event) => {
      this.#pointerY = event.offsetY;
      this.#move(graph.valueAt(event.offsetX));
    });
    this.element.addEventListener('pointerleave', () => this.#move(null));
    this.element.addEventListener('blur', () => this.#move(null));
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.show(null);
  }

  update(content: Content, axis: Axis): void {
    this.#content = content;
    this.axis = axis;
    const xs = this.#stops();
    setAttribute(this.element, 'aria-valuemin', String(xs[0] ?? 0));
    setAttribute(this.element, 'aria-valuemax', String(xs.at(-1) ?? 0));
    this.show(this.#x);
  }

  /** Draws it at `x`; null hides it. */
  show(x: number | null): void {
    this.#x = x;
    const readings = x === null ? [] : this.#read(x);
    const { left, right, top, bottom } = this.#graph.area;
    this.element.classList.toggle('active', readings.length > 0);
    if (x === null || !readings.length) {
      setAttribute(this.element, 'aria-valuenow', '0');
      setAttribute(this.element, 'aria-valuetext', 'Use the arrow keys to read values');
      return;
    }
    const pixel = this.#graph.x(x);
    this.#rule.style.transform = `translate(${pixel}px, ${top}px)`;
    this.#rule.style.height = `${bottom - top}px`;
    // what comes first in the list lies on top
    const finite = readings.filter((r) => Number.isFinite(r.y)).reverse();
    this.#dots.replaceChildren(...finite.map((reading) => this.#dot(reading)));
    this.#readout.hidden = !this.#own;
    if (!this.#own) return;
    const heading = position(x, this.axis);
    const format = this.#content!.format;
    const spoken = readings.map((r) => `${r.line.name} ${format(r.y)}`).join(', ');
    setAttribute(this.element, 'aria-valuenow', String(x));
    setAttribute(this.element, 'aria-valuetext', `${heading}: ${spoken}`);
    this.#list(heading, readings);
    const width = this.#readout.offsetWidth;
    const flip = pixel + 14 + width > right && pixel - 14 - width > left;
    const start = flip
      ? pixel - 14 - width
      : Math.min(pixel + 14, this.element.clientWidth - width);
    this.#readout.style.transform = `translate(${Math.max(0, start)}px, ${top + 4}px)`;
  }

  #list(heading: string, readings: Reading[]): void {
    const distance = (r: Reading) => Math.abs(this.#graph.y(r.y) - this.#pointerY);
    const near = new Set(
      [...readings].sort((a, b) => distance(a) - distance(b)).slice(0, MOST_READINGS),
    );
    const rows = readings
      .filter((reading) => near.has(reading))
      .map(({ line, x, y }) => {
        const swatch = new Swatch();
        swatch.set({ color: css(line.color), width: Math.max(1.5, line.width), dash: line.dash });
        const away = position(x, this.axis);
        return element(
          'tr',
          {},
          element('td', {}, swatch.element),
          element('th', { scope: 'row', text: line.name }),
          element('td', { class: 'value', text: this.#content!.format(y) }),
          element('td', { class: 'away', text: away === heading ? '' : `at ${away}` }),
        );
      });
    const more = readings.length - near.size;
    this.#readout.replaceChildren(element('b', { text: heading }), element('table', {}, ...rows));
    if (more > 0) this.#readout.append(element('small', { text: `and ${more} more` }));
  }

  #read(x: number): Reading[] {
    const lines = [...this.#content!.lines].sort((a, b) => a.rank - b.rank);
    return lines.flatMap((line) => {
      const i = nearest(line.x, x);
      return i < 0 ? [] : [{ line, x: line.x[i]!, y: line.y[i]! }];
    });
  }

  #dot({ line, x, y }: Reading): HTMLElement {
    const dot = element('span', { class: 'dot' });
    dot.style.transform = `translate(${this.#graph.x(x)}px, ${this.#graph.y(y)}px)`;
    dot.style.background = css(line.color);
    return dot;
  }

  /** Where it may stand: the points of the line that has most of them. */
  #stops(): Float64Array {
    let most: Float64Array = new Float64Array();
    for (const { x } of this.#content?.lines ?? []) if (x.length > most.length) most = x;
    return most;
  }

  #move(x: number | null): void {
    const xs = this.#stops();
    const i = x === null ? -1 : nearest(xs, x);
    const stop = i < 0 ? null : xs[i]!;
    this.#own = stop !== null;
    this.show(stop);
    this.moved(stop);
  }

  #key(event: KeyboardEvent): void {
    const xs = this.#stops();
    if (!xs.length) return;
    const at = this.#x === null ? xs.length : nearest(xs, this.#x);
    const page = Math.ceil(xs.length / 10);
    const target: { [key: string]: number } = {
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      PageDown: at - page,
      PageUp: at + page,
      Home: 0,
      End: xs.length - 1,
    };
    if (event.key === 'Escape') this.#move(null);
    const to = target[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#pointerY = 0;
    this.#move(xs[Math.max(0, Math.min(xs.length - 1, to))]!);
  }
}
