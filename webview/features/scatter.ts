import { AHEAD, nearestDot } from '../chart/nearest-dot.ts';
import { type Color, css } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { sized } from '../layers/canvas.ts';
import { type Theme, textColor } from '../theme.ts';
import type { Marker } from './dot-colors.ts';

/** Pixels: half a dot, a ring around it, between dots and edge, and how near is pointed at. */
const DOT = 3.2;
const RING = 6;
const EDGE = 18;
const REACH = 14;
const LABEL = 14;

/** Dots in a plane and what they look like. */
export interface Dots {
  /** [dots × 2] */
  points: Float32Array;
  colors: readonly Color[];
  markers: readonly Marker[];
  /** Places of those with a ring. */
  ringed: readonly number[];
  /** Place of the one with a thick ring; −1: none. */
  chosen: number;
  /** The first ones matter most: another stands aside, or is left out where there is no room. */
  labels: readonly { text: string; at: readonly [x: number, y: number]; color: Color }[];
}

interface Heard {
  /** A dot is pointed at, or gone to by keys; null: none is. */
  pointed(place: number | null): void;
  chosen(place: number): void;
  words(place: number): string;
}

/**
 * Dots on one canvas, both axes to the same scale. To assistive technology it is a list, of which only the
 * option at the cursor exists; arrow keys go to the next dot in that direction.
 */
export class Scatter {
  readonly element: HTMLElement;
  readonly canvas = element('canvas', { 'aria-hidden': 'true', width: '0', height: '0' });
  readonly #option = element('div', { role: 'option', id: 'dot', class: 'visually-hidden' });
  readonly #list: HTMLElement;
  readonly #heard: Heard;
  #dots: Dots | null = null;
  #theme: Theme;
  /** Dots on the canvas, [dots × 2]. */
  #pixels = new Float32Array();
  /** Where the cursor is; −1: nowhere. */
  #place = -1;

  constructor(label: string, theme: Theme, heard: Heard) {
    this.#theme = theme;
    this.#heard = heard;
    this.#list = element(
      'div',
      { class: 'over', role: 'listbox', tabindex: '0', 'aria-label': label },
      this.#option,
    );
    this.element = element('div', { class: 'scatter pointed' }, this.canvas, this.#list);
    this.#list.addEventListener('pointermove', ({ offsetX, offsetY }) =>
      this.#point(this.#at(offsetX, offsetY)),
    );
    this.#list.addEventListener('pointerleave', () => this.#point(-1));
    this.#list.addEventListener('blur', () => this.#point(-1));
    this.#list.addEventListener('focus', () => {
      if (this.#list.matches(':focus-visible')) this.#point(this.#start());
    });
    this.#list.addEventListener('click', ({ offsetX, offsetY }) => {
      const place = this.#at(offsetX, offsetY);
      if (place >= 0) heard.chosen(place);
    });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
  }

  show(dots: Dots, theme: Theme): void {
    if (dots.points !== this.#dots?.points) this.#place = -1;
    this.#dots = dots;
    this.#theme = theme;
    this.#draw();
  }

  #draw(): void {
    const at = this.#dots && sized(this.canvas);
    if (!at || !this.#dots) return;
    const { points, colors, markers, ringed, chosen } = this.#dots;
    const { context, width, height } = at;
    this.#pixels = fitted(points, width, height);
    const pixel = (place: number) => [this.#pixels[2 * place]!, this.#pixels[2 * place + 1]!];
    context.globalAlpha = 0.85;
    for (const [place, color] of colors.entries()) {
      const [x, y] = pixel(place) as [number, number];
      context.fillStyle = css(color);
      context.beginPath();
      mark(context, markers[place]!, x, y);
      context.fill();
    }
    context.globalAlpha = 1;
    context.strokeStyle = css(this.#theme.foreground);
    const ring = (place: number, radius: number, line: number) => {
      const [x, y] = pixel(place) as [number, number];
      context.lineWidth = line;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
    };
    for (const place of ringed) ring(place, RING, 1.2);
    if (chosen >= 0) ring(chosen, RING + 3, 3);
    this.#label(context);
    if (this.#place >= 0) ring(this.#place, RING + 3, 1.5);
  }

  #label(context: CanvasRenderingContext2D): void {
    const { labels, points } = this.#dots!;
    const { width, height } = this.canvas.getBoundingClientRect();
    const place = placer(points, width, height);
    const taken: TextBox[] = [];
    context.font = `600 ${LABEL}px ${this.#theme.font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    context.lineWidth = 4;
    context.strokeStyle = css(this.#theme.background);
    const isFree = ([left, top, right, bottom]: TextBox) =>
      left >= 0 &&
      top >= 0 &&
      right <= width &&
      bottom <= height &&
      taken.every((box) => left > box[2] || right < box[0] || top > box[3] || bottom < box[1]);
    for (const { text, at, color } of labels) {
      const middle = place(...at);
      const half = context.measureText(text).width / 2 + 2;
      const boxes = ASIDE.map(([right, down]): TextBox => {
        const [x, y] = [middle[0] + right * 2 * half, middle[1] + down * LABEL];
        return [x - half, y - LABEL / 2, x + half, y + LABEL / 2];
      });
      const box = boxes.find(isFree);
      if (!box) continue;
      taken.push(box);
      const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      context.strokeText(text, x, y);
      context.fillStyle = css(textColor(color, this.#theme));
      context.fillText(text, x, y);
    }
    context.strokeStyle = css(this.#theme.foreground);
  }

  #at(x: number, y: number): number {
    return nearestDot(this.#pixels, x, y, (dx, dy) => Math.hypot(dx, dy) <= REACH);
  }

  /** Where keys begin: at the chosen dot, or the first. */
  #start(): number {
    if (!this.#dots || this.#pixels.length === 0) return -1;
    return this.#place >= 0 ? this.#place : Math.max(0, this.#dots.chosen);
  }

  #point(place: number): void {
    if (place === this.#place) return;
    this.#place = place;
    setText(this.#option, place < 0 ? '' : this.#heard.words(place));
    setAttribute(this.#list, 'aria-activedescendant', place < 0 ? '' : 'dot');
    this.#draw();
    this.#heard.pointed(place < 0 ? null : place);
  }

  #key(event: KeyboardEvent): void {
    const from = this.#start();
    const ahead = AHEAD[event.key];
    if (from < 0 || (!ahead && event.key !== 'Enter')) return;
    event.preventDefault();
    if (!ahead) {
      this.#heard.chosen(from);
      return;
    }
    const [x, y] = [this.#pixels[2 * from]!, this.#pixels[2 * from + 1]!];
    const to = nearestDot(this.#pixels, x, y, ahead);
    this.#point(to < 0 ? from : to);
  }
}

/** Pixels. */
type TextBox = readonly [left: number, top: number, right: number, bottom: number];

/** Where a name may stand, the nearest first: so many of its widths to the right, and heights down. */
const ASIDE: readonly (readonly [right: number, down: number])[] = [
  [0, 0],
  [0, -1.1],
  [0, 1.1],
  [-0.6, -1.1],
  [0.6, -1.1],
  [-0.6, 1.1],
  [0.6, 1.1],
  [-1.1, 0],
  [1.1, 0],
  [0, -2.2],
  [0, 2.2],
];

/** Where a point goes on a canvas that shows all of them. Up is positive. */
function placer(points: Float32Array, width: number, height: number) {
  const range = (axis: 0 | 1) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = axis; i < points.length; i += 2) {
      low = Math.min(low, points[i]!);
      high = Math.max(high, points[i]!);
    }
    return { middle: (low + high) / 2, extent: high - low };
  };
  const [x, y] = [range(0), range(1)];
  const scale = Math.min((width - 2 * EDGE) / x.extent, (height - 2 * EDGE) / y.extent);
  // All in one place: in the middle.
  const finite = Number.isFinite(scale) ? scale : 1;
  return (px: number, py: number): [number, number] => [
    width / 2 + (px - x.middle) * finite,
    height / 2 - (py - y.middle) * finite,
  ];
}

function fitted(points: Float32Array, width: number, height: number): Float32Array<ArrayBuffer> {
  const place = placer(points, width, height);
  const pixels = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) pixels.set(place(points[i]!, points[i + 1]!), i);
  return pixels;
}

function mark(context: CanvasRenderingContext2D, marker: Marker, x: number, y: number): void {
  switch (marker) {
    case 'circle':
      context.arc(x, y, DOT, 0, 2 * Math.PI);
      return;
    case 'square':
      context.rect(x - DOT, y - DOT, 2 * DOT, 2 * DOT);
      return;
    case 'triangle':
      context.moveTo(x, y - 1.4 * DOT);
      context.lineTo(x + 1.3 * DOT, y + DOT);
      context.lineTo(x - 1.3 * DOT, y + DOT);
      context.closePath();
      return;
    case 'diamond':
      context.moveTo(x, y - 1.5 * DOT);
      context.lineTo(x + 1.5 * DOT, y);
      context.lineTo(x, y + 1.5 * DOT);
      context.lineTo(x - 1.5 * DOT, y);
      context.closePath();
  }
}
