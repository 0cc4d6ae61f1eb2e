import type { Pen } from '../../core/report/chart/pen.ts';
import { AHEAD, nearestDot, type Pixels } from '../chart/nearest-dot.ts';
import { css } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { Select } from '../features/select.ts';
import type { Theme } from '../theme.ts';
import { levelOf, rankColors } from './colors.ts';
import { keyName, ticksOf, unitOf } from './keys.ts';
import type { SweepModel, Trial } from './model.ts';
import { Plot, type Size } from './plot.ts';
import type { SearchedKey, StageFacts } from './protocol.ts';
import { Readout, trialWords } from './readout.ts';
import { trialTable } from './tables.ts';

/** Pixels: half a dot, how near is pointed at, room for axes. */
const DOT = 3.6;
const REACH = 16;
const MARGIN = { left: 62, right: 18, top: 26, bottom: 38 };

export interface ScatterHeard {
  pointed(place: number | null): void;
  picked(place: number): void;
  axes(x: string, y: string): void;
}

/** Every trial at its values of two keys; the color is its rank, boxes are the ranges of stages. */
export class TrialScatter {
  readonly element: HTMLElement;
  readonly #plot: Plot;
  readonly #x: Select;
  readonly #y: Select;
  readonly #readout = new Readout();
  readonly #option = element('div', { role: 'option', id: 'dot', class: 'visually-hidden' });
  readonly #heard: ScatterHeard;
  #model: SweepModel | null = null;
  #theme: Theme;
  #pixels: Pixels = new Float32Array();
  #place = -1;

  constructor(theme: Theme, heard: ScatterHeard) {
    this.#theme = theme;
    this.#heard = heard;
    const chosen = () => heard.axes(this.#x.value, this.#y.value);
    this.#y = new Select('vertical', chosen);
    this.#x = new Select('horizontal', chosen);
    const tools = element('span', { class: 'axes' }, this.#y.element, this.#x.element);
    this.#plot = new Plot('tall trials', 'Trials', theme, { tools });
    this.element = this.#plot.element;
    const { over } = this.#plot;
    setAttribute(over, 'role', 'listbox');
    setAttribute(over, 'aria-label', 'Trials: arrow keys go from one to the next, Enter picks it');
    over.tabIndex = 0;
    over.append(this.#option);
    over.after(this.#readout.element);
    over.addEventListener('pointermove', ({ offsetX, offsetY }) =>
      this.#move(this.#at(offsetX, offsetY)),
    );
    over.addEventListener('pointerleave', () => this.#move(-1));
    over.addEventListener('blur', () => this.#move(-1));
    over.addEventListener('focus', () => {
      if (over.matches(':focus-visible')) this.#move(this.#start());
    });
    over.addEventListener('click', ({ offsetX, offsetY }) => {
      const place = this.#at(offsetX, offsetY);
      if (place >= 0) heard.picked(place);
    });
    over.addEventListener('keydown', (event) => this.#key(event));
  }

  draw(model: SweepModel, axes: readonly [x: string, y: string], theme: Theme): void {
    this.#model = model;
    this.#theme = theme;
    const { keys } = model.facts!;
    const options = keys.map(({ key }) => [key, keyName(key, keys)] as const);
    this.#x.offer(options);
    this.#y.offer(options);
    this.#y.element.hidden = keys.length < 2;
    const x = keys.find(({ key }) => key === axes[0]) ?? keys[0]!;
    const y = keys.find(({ key }) => key === axes[1]) ?? keys[1];
    this.#x.choose(x.key);
    this.#y.choose(y?.key ?? '');
    const shown = model.trials.filter((trial) => model.isWithin(trial)).length;
    this.#plot.draw(
      {
        note: '',
        summary: `${shown} trials by ${x.key}${y ? ` and ${y.key}` : ` and ${model.facts!.quality}`}`,
        table: () => trialTable('Trials', model),
        paint: (pen, size) => this.#paint(pen, size, x, y),
      },
      theme,
    );
    this.mark(this.#place < 0 ? null : this.#place);
  }

  tell(): void {
    this.#plot.tell();
  }

  /** Rings: one pointed at anywhere, the picked one, and the pinned ones. */
  mark(pointed: number | null): void {
    const model = this.#model;
    if (!model) return;
    this.#plot.point((pen) => {
      pen.strokeStyle = css(this.#theme.foreground);
      const ring = (place: number, radius: number, line: number) => {
        const [x, y] = [this.#pixels[2 * place]!, this.#pixels[2 * place + 1]!];
        if (!Number.isFinite(x)) return;
        pen.lineWidth = line;
        pen.beginPath();
        pen.arc(x, y, radius, 0, 2 * Math.PI);
        pen.stroke();
      };
      for (const place of model.pinned) ring(place, DOT + 2.5, 1.2);
      if (model.current) ring(model.current.place, DOT + 4, 2);
      if (pointed !== null) ring(pointed, DOT + 4, 1.2);
    });
  }

  #paint(pen: Pen, { width, height }: Size, x: SearchedKey, y: SearchedKey | undefined): void {
    const model = this.#model!;
    const theme = this.#theme;
    const box = {
      left: MARGIN.left,
      top: MARGIN.top,
      wide: Math.max(1, width - MARGIN.left - MARGIN.right),
      high: Math.max(1, height - MARGIN.top - MARGIN.bottom),
    };
    const atX = (unit: number) => box.left + Math.max(0, Math.min(1, unit)) * box.wide;
    const atY = (unit: number) => box.top + (1 - Math.max(0, Math.min(1, unit))) * box.high;
    this.#axes(pen, box, x, y);
    const { keys, stages } = model.facts!;
    const [xi, yi] = [keys.indexOf(x), y ? keys.indexOf(y) : -1];
    const pixels: Pixels = new Float32Array(2 * model.trials.length).fill(Number.NaN);
    const colors = rankColors(theme).map(css);
    // The best is drawn last: it lies on top.
    const order = [...model.ranked].reverse();
    const within = order.filter((trial) => model.isWithin(trial));
    const others = model.isBrushed ? order.filter((trial) => !model.isWithin(trial)) : [];
    const at = (trial: Trial): [number, number] => [
      atX(trial.units[xi]!),
      atY(yi < 0 ? model.scoreUnit(trial) : trial.units[yi]!),
    ];
    pen.fillStyle = css(theme.other);
    pen.globalAlpha = theme.highContrast ? 0.5 : 0.25;
    for (const trial of others) dot(pen, ...at(trial), DOT * 0.7, 'completed');
    for (const trial of within) {
      const [px, py] = at(trial);
      pixels.set([px, py], 2 * trial.place);
      const color = Number.isNaN(trial.rank) ? css(theme.other) : colors[levelOf(trial.rank)]!;
      pen.fillStyle = color;
      pen.strokeStyle = trial.phase === 'failed' ? css(theme.error) : color;
      pen.globalAlpha = 0.9;
      dot(pen, px, py, DOT, trial.phase);
    }
    pen.globalAlpha = 1;
    for (const stage of stages.slice(1)) this.#box(pen, stage, x, y, atX, atY);
    this.#pixels = pixels;
  }

  #axes(
    pen: Pen,
    { left, top, wide, high }: { left: number; top: number; wide: number; high: number },
    x: SearchedKey,
    y: SearchedKey | undefined,
  ): void {
    const { dim, grid } = this.#theme;
    const { keys, quality } = this.#model!.facts!;
    const line = (fromX: number, fromY: number, toX: number, toY: number) => {
      pen.beginPath();
      pen.moveTo(fromX, fromY);
      pen.lineTo(toX, toY);
      pen.stroke();
    };
    pen.lineWidth = 1;
    pen.strokeStyle = css(grid);
    pen.fillStyle = css(dim);
    pen.textBaseline = 'middle';
    pen.textAlign = 'right';
    const rows = Math.max(2, Math.floor(high / 48));
    const vertical = y ? ticksOf(y, rows) : ticksOf(this.#scoreKey(), rows);
    for (const { unit, text } of vertical) {
      const at = top + (1 - unit) * high;
      line(left, at, left + wide, at);
      pen.fillText(text, left - 8, at);
    }
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    for (const { unit, text } of ticksOf(x, Math.max(2, Math.floor(wide / 84)))) {
      line(left + unit * wide, top, left + unit * wide, top + high);
      pen.fillText(text, left + unit * wide, top + high + 15);
    }
    pen.fillText(keyName(x.key, keys), left + wide / 2, top + high + 31);
    pen.textAlign = 'left';
    pen.fillText(y ? keyName(y.key, keys) : quality, 0, 9);
  }

  /** Where only one key is searched, the other axis is the score. */
  #scoreKey(): SearchedKey {
    const [low, high] = this.#model!.scores;
    return {
      key: 'score',
      kind: 'uniform',
      low,
      high: high > low ? high : low + 1,
      choices: [],
    };
  }

  /** The ranges of a stage, narrowed around the best of the one before. */
  #box(
    pen: Pen,
    { stage, ranges }: StageFacts,
    x: SearchedKey,
    y: SearchedKey | undefined,
    atX: (unit: number) => number,
    atY: (unit: number) => number,
  ): void {
    const [low, high] = spanOf(x, ranges);
    const [bottom, top] = y ? spanOf(y, ranges) : [0, 1];
    pen.strokeStyle = css(this.#theme.dim);
    pen.lineWidth = 1.2;
    pen.beginPath();
    pen.moveTo(atX(low), atY(bottom));
    pen.lineTo(atX(high), atY(bottom));
    pen.lineTo(atX(high), atY(top));
    pen.lineTo(atX(low), atY(top));
    pen.closePath();
    pen.stroke();
    pen.fillStyle = css(this.#theme.foreground);
    pen.textAlign = 'right';
    // Above it, where fewer dots are; within where there is no room.
    const above = atY(top);
    pen.fillText(`stage ${stage}`, atX(high), above > MARGIN.top + 14 ? above - 5 : above + 13);
  }

  #at(x: number, y: number): number {
    return nearestDot(this.#pixels, x, y, (dx, dy) => Math.hypot(dx, dy) <= REACH);
  }

  #start(): number {
    return this.#place >= 0 ? this.#place : (this.#model?.current?.place ?? -1);
  }

  #move(place: number): void {
    if (place === this.#place) return;
    this.#place = place;
    const trial = this.#model?.trials[place] ?? null;
    setText(this.#option, trial ? trialWords(trial, this.#model!.facts!) : '');
    setAttribute(this.#plot.over, 'aria-activedescendant', trial ? 'dot' : '');
    const [x, y] = [this.#pixels[2 * place] ?? 0, this.#pixels[2 * place + 1] ?? 0];
    this.#readout.show(trial, this.#model!, x, y);
    this.#heard.pointed(trial ? place : null);
  }

  #key(event: KeyboardEvent): void {
    const from = this.#start();
    const ahead = AHEAD[event.key];
    if (event.key === 'Escape') this.#move(-1);
    if (from < 0 || (!ahead && event.key !== 'Enter')) return;
    event.preventDefault();
    if (!ahead) {
      this.#heard.picked(from);
      return;
    }
    const [x, y] = [this.#pixels[2 * from]!, this.#pixels[2 * from + 1]!];
    const to = nearestDot(this.#pixels, x, y, ahead);
    this.#move(to < 0 ? from : to);
  }
}

/** The ends of a key's range in a stage, on its axis. */
function spanOf(key: SearchedKey, ranges: StageFacts['ranges']): [number, number] {
  const range = ranges[key.key];
  // Of choices some may be left out in the middle: no box tells that.
  if (!range || !('low' in range)) return [0, 1];
  const half = key.kind === 'int' ? 0.5 / (key.high - key.low + 1) : 0;
  return [unitOf(key, range.low) - half, unitOf(key, range.high) + half];
}

/** Completed: full; stopped: hollow; failed: crossed; still on its way: a small one. */
function dot(pen: Pen, x: number, y: number, radius: number, phase: Trial['phase']): void {
  pen.beginPath();
  if (phase === 'failed') {
    pen.lineWidth = 1.4;
    const arm = radius * 0.85;
    pen.moveTo(x - arm, y - arm);
    pen.lineTo(x + arm, y + arm);
    pen.moveTo(x + arm, y - arm);
    pen.lineTo(x - arm, y + arm);
    pen.stroke();
    return;
  }
  const isOnItsWay = phase === 'running' || phase === 'waiting';
  pen.arc(x, y, isOnItsWay ? radius * 0.55 : radius, 0, 2 * Math.PI);
  if (phase === 'stopped') {
    pen.lineWidth = 1.4;
    pen.stroke();
  } else pen.fill();
}
