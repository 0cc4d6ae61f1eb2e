import { type Filters, filterAt } from '../../core/inspection/filters/filters.ts';
import { FILTER_NUMBERS, nameOf, numbersOf } from '../../core/inspection/filters/numbers.ts';
import { symmetricRange } from '../../core/inspection/filters/range.ts';
import { FONT_SIZE } from '../chart/graph.ts';
import { type Color, contrast, css } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { sized } from '../layers/canvas.ts';
import type { Theme } from '../theme.ts';
import { numberText, pixelWords } from './filter-numbers.ts';
import { moved } from './grid.ts';
import { imageOf } from './palette.ts';
import { pixelsOf, type Shown } from './picture.ts';
import { filtersTable } from './tables.ts';

/** The longer side of the image, and the least width of a weight that has its number written in it. Pixels. */
const SIDE = 320;
const WRITTEN = 30;
const BLACK: Color = [0, 0, 0];
const WHITE: Color = [255, 255, 255];

/** One filter, enlarged, with its numbers and that of every weight. */
export class FilterDetail {
  readonly element: HTMLElement;
  readonly #layer: string;
  readonly #title = element('span');
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #cursor: HTMLElement;
  readonly #frame = element('div', { class: 'frame', hidden: '' });
  readonly #reading = element('p', { class: 'note reading' });
  readonly #cells = FILTER_NUMBERS.map(() => element('td'));
  #shown: { filters: Filters; index: number; theme: Theme } | null = null;
  #pixel = 0;

  constructor(layer: string) {
    this.#layer = layer;
    this.#cursor = element('div', { class: 'over', role: 'slider', tabindex: '0' });
    const rows = FILTER_NUMBERS.map((name, i) =>
      element('tr', {}, element('th', { scope: 'row', text: name }), this.#cells[i]!),
    );
    this.element = element('figure', { class: 'filter-detail' });
    const button = exportButton(this.element, 'the enlarged unit', () => this.#exportable());
    this.element.append(
      element('figcaption', {}, this.#title, button),
      element('div', { class: 'pointed' }, this.#canvas, this.#frame, this.#cursor),
      this.#reading,
      element('table', { class: 'numbers-of' }, ...rows),
    );
    this.#cursor.addEventListener('pointermove', ({ offsetX, offsetY }) => {
      if (!this.#shown) return;
      const { width, height } = this.#shown.filters;
      const side = this.#canvas.clientWidth / width;
      const column = Math.min(width - 1, Math.floor(offsetX / side));
      this.#read(Math.min(height - 1, Math.floor(offsetY / side)) * width + column);
    });
    this.#cursor.addEventListener('pointerleave', () => this.#read(null));
    this.#cursor.addEventListener('blur', () => this.#read(null));
    this.#cursor.addEventListener('keydown', (event) => {
      if (!this.#shown) return;
      const { width, height } = this.#shown.filters;
      const to = moved(this.#pixel, event.key, width, width * height);
      if (to === null) return;
      event.preventDefault();
      this.#read(to);
    });
  }

  draw(shown: Shown, index: number, theme: Theme): void {
    const { filters } = shown;
    this.#shown = { filters, index, theme };
    const { width, height, count, perUnit } = filters;
    const name = nameOf(filters, index);
    setText(this.#title, `${name} of ${(count / perUnit).toLocaleString('en-US')}`);
    setAttribute(this.#cursor, 'aria-label', `Read the weights of ${name}`);
    setAttribute(this.#cursor, 'aria-valuemin', '1');
    setAttribute(this.#cursor, 'aria-valuemax', String(width * height));
    for (const [i, value] of numbersOf(filters, index).entries())
      setText(this.#cells[i]!, numberText(value));
    const side = Math.max(1, Math.floor(SIDE / Math.max(width, height)));
    this.#canvas.style.width = `${Math.min(SIDE, side * width)}px`;
    this.#canvas.style.height = `${Math.min(SIDE, side * width) * (height / width)}px`;
    this.#read(null);
    const place = sized(this.#canvas);
    if (!place) return;
    const { context } = place;
    const small = new OffscreenCanvas(width, height);
    const image = imageOf(pixelsOf(shown, index), width);
    small.getContext('2d')!.putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, place.width, place.height);
    const digits = digitsFor(filterAt(filters, index));
    if (side >= WRITTEN && filters.channels === 1 && digits !== null)
      this.#write(context, side, image, digits, theme);
  }

  /** Each weight's number, in black or white: one of them stands out from any color. */
  #write(
    context: CanvasRenderingContext2D,
    side: number,
    { data }: ImageData,
    digits: number,
    { font }: Theme,
  ): void {
    const { filters, index } = this.#shown!;
    context.font = `${FONT_SIZE - 1}px ${font}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const [pixel, value] of filterAt(filters, index).entries()) {
      const color = [data[pixel * 4]!, data[pixel * 4 + 1]!, data[pixel * 4 + 2]!] as const;
      context.fillStyle =
        contrast(BLACK, color) >= contrast(WHITE, color) ? css(BLACK) : css(WHITE);
      const text = Number.isFinite(value) ? shortText(value, digits) : '✕';
      const x = ((pixel % filters.width) + 0.5) * side;
      context.fillText(text, x, (Math.floor(pixel / filters.width) + 0.5) * side);
    }
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { filters, index, theme } = this.#shown;
    const name = `${this.#layer} ${nameOf(filters, index)}`;
    return {
      name,
      table: () => filtersTable(name, filters, [index]),
      picture: { of: 'pixels', svg: () => pixelSvg(name, [this.#canvas], theme) },
    };
  }

  #read(pixel: number | null): void {
    if (!this.#shown) return;
    const { filters, index } = this.#shown;
    this.#frame.hidden = pixel === null;
    if (pixel === null) {
      setText(this.#reading, 'Point at a weight, or use the arrow keys, to read it');
      setAttribute(this.#cursor, 'aria-valuenow', String(this.#pixel + 1));
      setAttribute(this.#cursor, 'aria-valuetext', 'Use the arrow keys to read weights');
      return;
    }
    this.#pixel = pixel;
    const words = pixelWords(filters, index, pixel);
    setText(this.#reading, words);
    setAttribute(this.#cursor, 'aria-valuenow', String(pixel + 1));
    setAttribute(this.#cursor, 'aria-valuetext', words);
    const side = this.#canvas.clientWidth / filters.width;
    const [x, y] = [pixel % filters.width, Math.floor(pixel / filters.width)];
    this.#frame.style.transform = `translate(${x * side}px, ${y * side}px)`;
    this.#frame.style.width = this.#frame.style.height = `${side}px`;
  }
}

/** No zero before the point, and none with a sign. */
function shortText(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? '0' : text.replace('0.', '.');
}

/** As many decimals as give the largest weight two digits; null where that is too long for a pixel. */
function digitsFor(values: Float32Array): number | null {
  const most = symmetricRange(values).high;
  const digits = most === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(most)));
  return digits > 3 || most >= 1000 ? null : digits;
}
