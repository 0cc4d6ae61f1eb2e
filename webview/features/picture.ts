import { fullRange, symmetricRange, type ValueRange } from '../../core/inspection/filters/range.ts';
import type { Box } from '../../core/network/box.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import type { Theme } from '../theme.ts';
import { colorsOf, greyPalette, imageOf, type Palette, signPalette } from '../weights/palette.ts';
import { rangeText } from './range.ts';

/**
 * How values become colors: an example as a camera shows it, values with a sign around 0, or strengths from
 * 0 on.
 */
export type Look = { as: 'image'; range: ValueRange } | { as: 'signed' } | { as: 'strength' };

/** A caption has at least so much room. Pixels. */
const CAPTION = 120;

export interface Pixels {
  values: Float32Array;
  /** [height, width, channels], or [features] of a row. */
  shape: readonly number[];
  look: Look;
  /** What it is, for those who do not see it. */
  label: string;
}

/** Values as an image that can be put on a canvas; a row of features is one pixel high. */
export function toImage({ values, shape, look }: Omit<Pixels, 'label'>, theme: Theme): ImageData {
  const width = shape.length === 1 ? shape[0]! : shape[1]!;
  const channels = shape.length === 3 ? shape[2]! : 1;
  const shown = channels === 1 || channels === 3 ? values : meanOfChannels(values, channels);
  const [range, palette] = paintOf(look, shown, theme);
  return imageOf(colorsOf(shown, channels === 3 ? 3 : 1, range, palette), width);
}

function paintOf(look: Look, values: Float32Array, theme: Theme): [ValueRange, Palette] {
  switch (look.as) {
    case 'image':
      return [look.range, greyPalette(theme)];
    case 'signed':
      return [symmetricRange(values), signPalette(theme)];
    case 'strength':
      return [{ low: 0, high: fullRange(values).high }, greyPalette(theme)];
  }
}

/** Where channels are no colors. */
export function meanOfChannels(values: Float32Array, channels: number): Float32Array {
  const mean = new Float32Array(values.length / channels);
  for (let i = 0; i < values.length; i++) mean[Math.floor(i / channels)]! += values[i]! / channels;
  return mean;
}

/** An image of one pixel a value, enlarged, with a line below. */
export class Picture {
  readonly element: HTMLElement;
  readonly #side: number;
  readonly #canvas = element('canvas', { role: 'img' });
  readonly #frame = element('div', { class: 'frame', hidden: '' });
  readonly #caption = element('figcaption');
  #pixels: Pixels | null = null;

  /** `side`: of its longer edge. Pixels. */
  constructor(side: number, caption = '') {
    this.#side = side;
    setText(this.#caption, caption);
    const picture = element('div', { class: 'pointed' }, this.#canvas, this.#frame);
    this.#caption.style.maxWidth = `${Math.max(side, CAPTION)}px`;
    this.element = element('figure', { class: 'picture' }, picture, this.#caption);
  }

  /** Null: nothing any more. */
  show(pixels: Pixels | null, theme: Theme, caption?: string): void {
    this.#pixels = pixels;
    this.element.hidden = !pixels;
    if (caption !== undefined) setText(this.#caption, caption);
    this.paint(theme);
  }

  /** What is drawn; null: it shows nothing. */
  get canvas(): HTMLCanvasElement | null {
    return this.#pixels ? this.#canvas : null;
  }

  /** A box of its pixels is framed; null: none. After `show`. */
  frame(box: Box | null): void {
    this.#frame.hidden = !box || !this.#pixels;
    if (!box || !this.#pixels) return;
    const [rows, columns] = this.#pixels.shape as [number, number];
    const scale = this.#side / Math.max(rows, columns);
    this.#frame.style.transform = `translate(${box.left * scale}px, ${box.top * scale}px)`;
    this.#frame.style.width = `${box.width * scale}px`;
    this.#frame.style.height = `${box.height * scale}px`;
  }

  paint(theme: Theme): void {
    if (!this.#pixels) return;
    const { values, label } = this.#pixels;
    const image = toImage(this.#pixels, theme);
    const { width, height } = image;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.getContext('2d')!.putImageData(image, 0, 0);
    const scale = this.#side / Math.max(width, height);
    this.#canvas.style.width = `${Math.round(width * scale)}px`;
    this.#canvas.style.height = `${Math.max(16, Math.round(height * scale))}px`;
    setAttribute(this.#canvas, 'aria-label', `${label}: ${rangeText(values)}`);
  }
}

/** Pictures beside each other, each with its name below, to be taken away. */
export function exportablePicture(
  title: string,
  pictures: readonly (readonly [name: string, picture: Picture])[],
  theme: Theme,
): Exportable['picture'] {
  const shown = pictures.flatMap(([name, { canvas }]) => (canvas ? [{ name, canvas }] : []));
  const canvases = shown.map(({ canvas }) => canvas);
  const captions = shown.map(({ name }) => name);
  return { of: 'pixels', svg: () => pixelSvg(title, canvases, theme, captions) };
}
