import { curveDigest } from '../../core/report/chart/curve-table.ts';
import { element, setAttribute } from '../dom.ts';
import { type Axis, position } from '../format.ts';
import { alarms, type Content } from './content.ts';

/** Milliseconds between two changes: a screen reader must get to the end of it. */
const INTERVAL = 2000;

/** What a graph shows, in words and numbers: a summary on the canvas, a table beside it. */
export class Alternative {
  readonly element: HTMLElement;
  readonly #table = element('table');
  readonly #canvas: HTMLCanvasElement;
  #latest: { title: string; content: Content; axis: Axis } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    // a table itself cannot be clipped to nothing
    this.element = element('div', { class: 'visually-hidden' }, this.#table);
  }

  update(title: string, content: Content, axis: Axis): void {
    this.#latest = { title, content, axis };
    if (this.#timer !== null) return;
    this.#write();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#latest) this.update(this.#latest.title, this.#latest.content, this.#latest.axis);
    }, INTERVAL);
  }

  #write(): void {
    const { title, content, axis } = this.#latest!;
    this.#latest = null;
    const scale = content.scale === 'log' ? 'logarithmic' : 'linear';
    const ends = content.lines.flatMap((line) => (line.label ? [line.label] : []));
    const broken = alarms(content.lines).map((a) => `${a.text} at ${position(a.x, axis)}`);
    const parts = [`${title} by ${axis}, ${scale} axis`, ends.join(', '), content.note, ...broken];
    setAttribute(this.#canvas, 'aria-label', `${parts.filter(Boolean).join('. ')}.`);
    const { columns, rows } = curveDigest(content, axis);
    this.#table.replaceChildren(
      element('caption', { text: `${title}: numbers` }),
      element('tr', {}, ...columns.map((text) => element('th', { scope: 'col', text }))),
      ...rows.map(([name, ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', text: String(name) }),
          ...cells.map((cell) => element('td', { text: String(cell) })),
        ),
      ),
    );
  }
}
