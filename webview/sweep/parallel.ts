import type { Pen } from '../../core/report/chart/pen.ts';
import { FONT_SIZE } from '../chart/graph.ts';
import { type Color, css } from '../color.ts';
import { element } from '../dom.ts';
import { count, quality } from '../format.ts';
import type { Theme } from '../theme.ts';
import { AxisBrush } from './brush.ts';
import { LEVELS, levelOf, rankColors } from './colors.ts';
import { keyName, ticksOf, valueAt, valueText } from './keys.ts';
import type { Span, SweepModel, Trial } from './model.ts';
import { type Lines, linesOf, nearestLine, tidy } from './parallel-layout.ts';
import { Plot, type Size } from './plot.ts';
import type { SearchedKey } from './protocol.ts';
import { Readout } from './readout.ts';
import { trialTable } from './tables.ts';

const FRAME = { left: 56, right: 56, top: 30, bottom: 12 };
/** So near to an axis it is brushed, and to a line it is pointed at. Pixels. */
const GRIP = 14;
const REACH = 8;
/** A shorter pull is a click: it brushes nothing. Pixels. */
const CLICK = 4;
const LINES_A_PATH = 40;

type StrokePen = Pick<
  Pen,
  'strokeStyle' | 'globalAlpha' | 'beginPath' | 'moveTo' | 'lineTo' | 'stroke'
>;

export interface ParallelHeard {
  pointed(place: number | null): void;
  picked(place: number): void;
  brushed(axis: number, span: Span | null): void;
}

/**
 * Parallel coordinates: an axis a key and one for the score, a line a trial; pulling along an axis leaves the
 * trials that pass there. A canvas of our own: Chart.js has no axes that are brushed, and a dataset for each of a
 * thousand lines does not follow a hand; here all lines of one color are one path.
 */
export class Parallel {
  readonly element: HTMLElement;
  readonly #plot: Plot;
  readonly #heard: ParallelHeard;
  readonly #readout = new Readout();
  readonly #clear = element('button', { type: 'button', class: 'choice', text: 'Show all' });
  #brushes: AxisBrush[] = [];
  #model: SweepModel | null = null;
  #theme: Theme;
  #lines: Lines = { xs: new Float64Array(), ys: new Float32Array() };
  #high = 1;
  #place = -1;
  #kept: { key: string; image: OffscreenCanvas } | null = null;
  /** The axis that is being brushed, and where that began, in units. */
  #pull: { axis: number; from: number; y: number } | null = null;

  constructor(theme: Theme, heard: ParallelHeard) {
    this.#theme = theme;
    this.#heard = heard;
    const tools = element('span', {}, this.#clear);
    this.#plot = new Plot('parallel', 'Parallel coordinates', theme, { tools });
    this.element = this.#plot.element;
    this.#clear.addEventListener('click', () => {
      for (const axis of this.#brushes.keys()) heard.brushed(axis, null);
    });
    const { over } = this.#plot;
    over.after(this.#readout.element);
    over.addEventListener('pointerdown', (event) => this.#down(event));
    over.addEventListener('pointermove', (event) => this.#moved(event));
    over.addEventListener('pointerup', (event) => this.#up(event));
    over.addEventListener('pointercancel', () => {
      this.#pull = null;
    });
    over.addEventListener('pointerleave', () => this.#point(-1, 0, 0));
  }

  draw(model: SweepModel, theme: Theme): void {
    this.#model = model;
    this.#theme = theme;
    const { keys } = model.facts!;
    this.element.hidden = keys.length === 0;
    while (this.#brushes.length < keys.length + 1) {
      const axis = this.#brushes.length;
      const brush = new AxisBrush((span) => this.#heard.brushed(axis, span));
      this.#brushes.push(brush);
      this.#plot.over.append(brush.element);
    }
    const within = model.ranked.filter((trial) => model.isWithin(trial));
    const all = model.ranked.length;
    this.#clear.hidden = !model.isBrushed;
    this.#plot.draw(
      {
        note: model.isBrushed
          ? `${count(within.length)} of ${count(all)} trials`
          : 'pull along an axis to choose',
        summary: `${within.length} of ${all} trials over ${keys.map(({ key }) => key).join(', ')} and ${model.facts!.quality}`,
        table: () => trialTable('Parallel coordinates', model),
        paint: (pen, size) => this.#paint(pen, size, within),
      },
      theme,
    );
    for (const [axis, brush] of this.#brushes.entries()) {
      const x = this.#lines.xs[axis] ?? 0;
      const span = model.brushes[axis] ?? null;
      brush.place(this.#axisName(axis), span, x, FRAME.top, this.#high, (unit) =>
        this.#words(axis, unit),
      );
    }
    this.mark(this.#place < 0 ? null : this.#place);
  }

  tell(): void {
    this.#plot.tell();
  }

  /** The lines that stand out: one pointed at anywhere, the picked and the pinned ones. */
  mark(pointed: number | null): void {
    const model = this.#model;
    if (!model) return;
    this.#plot.point((pen) => {
      const strong = (place: number, width: number, color: Color) => {
        pen.strokeStyle = css(color);
        pen.lineWidth = width;
        pen.beginPath();
        this.#trace(pen, place);
        pen.stroke();
      };
      const { foreground, dim } = this.#theme;
      for (const place of model.pinned) strong(place, 1.6, dim);
      if (model.current) strong(model.current.place, 2.4, foreground);
      if (pointed !== null) strong(pointed, 1.8, foreground);
    });
  }

  #paint(pen: Pen, { width, height }: Size, within: readonly Trial[]): void {
    const model = this.#model!;
    const theme = this.#theme;
    this.#lines = linesOf(model, FRAME, width, height);
    this.#high = Math.max(1, height - FRAME.top - FRAME.bottom);
    if (model.isBrushed) {
      if (pen instanceof CanvasRenderingContext2D)
        pen.drawImage(this.#faint(width, height), 0, 0, width, height);
      else this.#strokeFaint(pen);
    }
    // The fewer, the stronger; the best on top.
    pen.globalAlpha = Math.max(0.35, Math.min(0.9, 60 / Math.max(1, within.length)));
    const colors = rankColors(theme).map(css);
    const byLevel: Trial[][] = Array.from({ length: LEVELS + 1 }, () => []);
    for (const trial of within)
      byLevel[Number.isNaN(trial.rank) ? 0 : levelOf(trial.rank) + 1]!.push(trial);
    for (const [i, trials] of byLevel.entries()) {
      if (trials.length === 0) continue;
      pen.strokeStyle = i === 0 ? css(theme.other) : colors[i - 1]!;
      this.#stroke(pen, trials);
    }
    pen.globalAlpha = 1;
    this.#axes(pen);
  }

  /** All lines as they are where they are not chosen: the same image as long as a hand pulls. */
  #faint(width: number, height: number): OffscreenCanvas {
    const ratio = window.devicePixelRatio;
    const key = [this.#model!.version, css(this.#theme.other), width, height, ratio].join();
    if (this.#kept?.key === key) return this.#kept.image;
    const image = new OffscreenCanvas(Math.round(width * ratio), Math.round(height * ratio));
    const pen = image.getContext('2d')!;
    pen.scale(ratio, ratio);
    this.#strokeFaint(pen);
    this.#kept = { key, image };
    return image;
  }

  #strokeFaint(pen: StrokePen): void {
    pen.strokeStyle = css(this.#theme.other);
    pen.globalAlpha = this.#theme.highContrast ? 0.3 : 0.13;
    this.#stroke(pen, this.#model!.ranked);
  }

  /** Many lines in one path cross each other so often that it takes longer than several paths. */
  #stroke(pen: StrokePen, trials: readonly Trial[]): void {
    for (let first = 0; first < trials.length; first += LINES_A_PATH) {
      pen.beginPath();
      for (const { place } of trials.slice(first, first + LINES_A_PATH)) this.#trace(pen, place);
      pen.stroke();
    }
  }

  #axes(pen: Pen): void {
    const { dim, foreground, background } = this.#theme;
    const { xs } = this.#lines;
    const rows = Math.max(2, Math.floor(this.#high / 50));
    const room = xs.length > 1 ? xs[1]! - xs[0]! - 8 : 120;
    for (const [axis, x] of xs.entries()) {
      pen.strokeStyle = css(dim);
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x, FRAME.top);
      pen.lineTo(x, FRAME.top + this.#high);
      pen.stroke();
      pen.textAlign = 'center';
      pen.textBaseline = 'alphabetic';
      pen.fillStyle = css(foreground);
      pen.fillText(shortened(this.#axisName(axis), room), x, 14);
      pen.textAlign = axis === xs.length - 1 ? 'left' : 'right';
      pen.textBaseline = 'middle';
      for (const { unit, text } of ticksOf(this.#axisKey(axis), rows)) {
        const y = FRAME.top + (1 - unit) * this.#high;
        const shown = shortened(text, Math.min(room, FRAME.left - 8));
        const at = x + (axis === xs.length - 1 ? 6 : -6);
        // A ground of its own, so that lines below do not strike it through.
        const wide = shown.length * 6;
        pen.fillStyle = css(background);
        pen.globalAlpha = 0.75;
        pen.fillRect(axis === xs.length - 1 ? at - 2 : at - wide, y - 7, wide + 2, 14);
        pen.globalAlpha = 1;
        pen.fillStyle = css(dim);
        pen.fillText(shown, at, y);
      }
    }
  }

  /** The axis of the score looks as if it were a key's. */
  #axisKey(axis: number): SearchedKey {
    const { facts, scores } = this.#model!;
    const key = facts!.keys[axis];
    if (key) return key;
    const [low, high] = scores;
    return { key: 'score', kind: 'uniform', low, high: high > low ? high : low + 1, choices: [] };
  }

  #axisName(axis: number): string {
    const { keys, quality: name } = this.#model!.facts!;
    return axis < keys.length ? keyName(keys[axis]!.key, keys) : name;
  }

  #words(axis: number, unit: number): string {
    const key = this.#axisKey(axis);
    const value = valueAt(key, unit);
    return key.key === 'score' ? quality(value) : valueText(key, value);
  }

  #trace(pen: Pick<Pen, 'moveTo' | 'lineTo'>, place: number): void {
    const { xs, ys } = this.#lines;
    const axes = xs.length;
    for (let axis = 0; axis < axes; axis++) {
      const y = ys[place * axes + axis]!;
      if (axis === 0) pen.moveTo(xs[axis]!, y);
      else pen.lineTo(xs[axis]!, y);
    }
  }

  /** The ends of an axis are caught by what is near to them: none means to leave the very best out. */
  #unit(y: number): number {
    const unit = 1 - (y - FRAME.top) / this.#high;
    const near = CLICK / this.#high;
    return unit > 1 - near ? 1 : unit < near ? 0 : unit;
  }

  #down(event: PointerEvent): void {
    const { x, y } = this.#inside(event);
    const axis = this.#lines.xs.findIndex((at) => Math.abs(at - x) <= GRIP);
    if (axis < 0 || event.button !== 0) return;
    this.#plot.over.setPointerCapture(event.pointerId);
    this.#pull = { axis, from: this.#unit(y), y };
  }

  #moved(event: PointerEvent): void {
    const { x, y } = this.#inside(event);
    if (this.#pull) {
      const { axis, from } = this.#pull;
      if (Math.abs(y - this.#pull.y) >= CLICK) this.#heard.brushed(axis, tidy(from, this.#unit(y)));
      return;
    }
    const near = this.#lines.xs.some((at) => Math.abs(at - x) <= GRIP);
    this.#plot.over.classList.toggle('grip', near);
    const model = this.#model;
    if (!model) return;
    const within = model.trials.filter((trial) => model.isWithin(trial));
    this.#point(near ? -1 : nearestLine(this.#lines, within, x, y, REACH), x, y);
  }

  #up(event: PointerEvent): void {
    const { y } = this.#inside(event);
    const pull = this.#pull;
    this.#pull = null;
    if (!pull) {
      if (this.#place >= 0) this.#heard.picked(this.#place);
      return;
    }
    if (Math.abs(y - pull.y) < CLICK) this.#heard.brushed(pull.axis, null);
  }

  #point(place: number, x: number, y: number): void {
    this.#readout.show(this.#model?.trials[place] ?? null, this.#model!, x, y);
    if (place === this.#place) return;
    this.#place = place;
    this.#heard.pointed(place < 0 ? null : place);
  }

  /** In the drawing, whichever part of it the pointer is on. */
  #inside({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top } = this.#plot.over.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}

/** So many pixels of text as there is room for; a letter has six on average. */
function shortened(text: string, room: number): string {
  const letters = Math.max(3, Math.floor(room / (FONT_SIZE * 0.55)));
  return text.length <= letters ? text : `${text.slice(0, letters - 1)}…`;
}
