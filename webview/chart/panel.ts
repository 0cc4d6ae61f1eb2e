import { curveTable } from '../../core/report/chart/curve-table.ts';
import { type Label, placeLabels } from '../../core/report/chart/labels.ts';
import { chartSvg } from '../../core/report/chart/svg.ts';
import type { Color } from '../color.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, inkOf } from '../export/exportable.ts';
import { type Theme, textColor } from '../theme.ts';
import { Alternative } from './alternative.ts';
import { alarms, type Content, type Line } from './content.ts';
import { Cursor } from './cursor.ts';
import { AXIS_WIDTH, FONT_SIZE, Graph, type Horizontal } from './graph.ts';
import { type Overlaid, Overlay } from './overlay.ts';

/** Between a line's end and its label, and between two labels. Pixels. */
const LABEL_GAP = 8;
const LABEL_SPACING = 15;
const HALF_LINE = 7;
/** Alarms closer than this share one text. Pixels. */
const ALARM_SPACING = 90;

/** Something that happened at one place of the horizontal axis. */
export interface Mark {
  x: number;
  text: string;
  color: Color;
}

/** One graph with its title, tools, labels, cursor and text alternative. */
export class Panel {
  readonly element: HTMLElement;
  readonly cursor: Cursor;
  readonly #note = element('span', { class: 'note' });
  readonly #overlay = new Overlay();
  readonly #empty = element('p', { class: 'empty' });
  readonly #graph: Graph;
  readonly #alternative: Alternative;
  readonly #measure: CanvasRenderingContext2D;
  readonly #title: HTMLElement;
  readonly #name: string | null;
  #content: Content | null = null;
  #marks: readonly Mark[] = [];
  #horizontal: Horizontal | null = null;
  #theme: Theme;

  /** `tools` stand beside the title. What is saved of it is called `name`. */
  constructor(
    kind: string,
    title: string,
    theme: Theme,
    { tools = null, name = null }: { tools?: HTMLElement | null; name?: string | null } = {},
  ) {
    this.#name = name;
    this.#theme = theme;
    this.#title = element('h2', { text: title });
    const canvas = element('canvas', { role: 'img' });
    this.#alternative = new Alternative(canvas);
    this.#measure = canvas.getContext('2d')!;
    const plot = element('div', { class: 'plot' }, canvas, this.#overlay.element, this.#empty);
    this.element = element('figure', { class: `panel ${kind}` }, plot, this.#alternative.element);
    const button = exportButton(this.element, title, () => this.#exportable());
    this.element.prepend(element('figcaption', {}, this.#title, tools ?? this.#note, button));
    this.#graph = new Graph(canvas, theme, () => this.#drawn());
    this.cursor = new Cursor(this.#graph, title);
    plot.append(this.cursor.element);
  }

  /** Room that the labels take right of the plot, were the axis to end at `max`. Pixels. */
  labelRoom(content: Content, max: number, theme: Theme): number {
    const width = this.element.clientWidth - AXIS_WIDTH;
    this.#measure.font = `${FONT_SIZE}px ${theme.font}`;
    let room = 16;
    for (const line of content.lines) {
      if (!line.label || !line.x.length) continue;
      const end = Math.min(1, line.x.at(-1)! / max);
      const label = LABEL_GAP + this.#measure.measureText(line.label).width + 4;
      if (end > 0.2) room = Math.max(room, (label - (1 - end) * width) / end);
    }
    return Math.min(Math.ceil(room / 8) * 8, width * 0.45);
  }

  draw(
    title: string,
    content: Content,
    horizontal: Horizontal,
    theme: Theme,
    empty: string,
    marks: readonly Mark[] = [],
  ): void {
    this.#content = content;
    this.#marks = marks;
    this.#horizontal = horizontal;
    this.#theme = theme;
    setText(this.#title, title);
    setText(this.#note, content.note);
    const blank = content.range === null && alarms(content.lines).length === 0;
    setText(this.#empty, blank ? empty : '');
    this.#graph.draw(content, horizontal, theme);
    this.#alternative.update(title, content, horizontal.axis);
    this.cursor.update(content, horizontal.axis);
  }

  /** Says what is waited for, and leaves the graph as it is. */
  wait(title: string, what: string): void {
    setText(this.#title, title);
    setText(this.#empty, what);
  }

  #exportable(): Exportable | null {
    const content = this.#content;
    if (!content || content.range === null || !this.#horizontal) return null;
    const { axis, max } = this.#horizontal;
    const title = this.#title.textContent;
    const { clientWidth: width, clientHeight } = this.element;
    const theme = this.#theme;
    return {
      name: this.#name ?? title,
      table: () => curveTable(this.#name ?? title, content, axis),
      picture: {
        of: 'lines',
        svg: () =>
          chartSvg(title, content, { width, height: clientHeight, axis, max }, inkOf(theme), true),
      },
    };
  }

  /** After every drawing, a change of size included. */
  #drawn(): void {
    if (!this.#content) return;
    this.#overlay.show([
      ...this.#endLabels(this.#content),
      ...this.#markings(),
      ...this.#alarms(this.#content),
    ]);
  }

  #endLabels({ lines }: Content): Overlaid[] {
    const { top, bottom } = this.#graph.area;
    this.#measure.font = `${FONT_SIZE}px ${this.#theme.font}`;
    const labeled: { line: Line; label: Label }[] = [];
    for (const line of lines) {
      const end = line.y.findLastIndex(Number.isFinite);
      if (!line.label || end < 0) continue;
      const x = this.#graph.x(line.x[end]!) + LABEL_GAP;
      const width = this.#measure.measureText(line.label).width;
      labeled.push({ line, label: { x, y: this.#graph.y(line.y[end]!), width, rank: line.rank } });
    }
    const places = placeLabels(
      labeled.map((l) => l.label),
      LABEL_SPACING,
      top,
      bottom,
    );
    return labeled.flatMap(({ line, label }, i) => {
      const middle = places[i];
      if (middle === null || middle === undefined) return [];
      return [this.#text('end', line.label!, label.x, middle, line.color)];
    });
  }

  /** Dotted lines with what was found there; texts that would meet stand below each other. */
  #markings(): Overlaid[] {
    const { top, bottom } = this.#graph.area;
    const rows: number[] = [];
    return this.#marks.flatMap(({ x: at, text, color }) => {
      const x = Math.round(this.#graph.x(at));
      const mark = this.#rule('mark', x, color);
      const width = this.#measure.measureText(text).width + 2 * LABEL_GAP;
      const left = x + width > this.#overlay.element.clientWidth;
      const [from, to] = left ? [x - width, x] : [x, x + width];
      let row = rows.findIndex((end) => end <= from);
      if (row < 0) row = rows.length;
      rows[row] = to;
      const y = top + 20 + row * LABEL_SPACING;
      if (y > bottom - LABEL_SPACING) return [mark];
      return [mark, this.#text(left ? 'before' : 'after', text, x, y, color)];
    });
  }

  #alarms({ lines }: Content): Overlaid[] {
    const { top } = this.#graph.area;
    const { error } = this.#theme;
    let last = Number.NEGATIVE_INFINITY;
    const marks: Overlaid[] = [];
    const texts: Overlaid[] = [];
    for (const alarm of alarms(lines)) {
      const x = Math.round(this.#graph.x(alarm.x));
      if (x - last < 1) continue;
      const isNear = x - last < ALARM_SPACING;
      marks.push(this.#rule(isNear ? 'alarm further' : 'alarm', x, error));
      if (isNear) continue;
      const left = x > this.#overlay.element.clientWidth - ALARM_SPACING;
      texts.push(this.#text(left ? 'before' : 'after', `✕ ${alarm.text}`, x, top + 6, error));
      last = x;
    }
    return [...marks, ...texts];
  }

  /** Across the whole plot. */
  #rule(kind: string, x: number, color: Color): Overlaid {
    const { top, bottom } = this.#graph.area;
    return { kind, text: '', x, before: false, y: top, height: bottom - top, color };
  }

  /** `y` is its middle. */
  #text(side: 'end' | 'before' | 'after', text: string, x: number, y: number, of: Color): Overlaid {
    const color = textColor(of, this.#theme);
    const before = side === 'before';
    return { kind: `label ${side}`, text, x, before, y: y - HALF_LINE, height: null, color };
  }
}
