import { element, setAttribute } from '../dom.ts';
import { cornerOf, type Grid, gridOf, imageAt, moved } from './grid.ts';
import { imageOf } from './palette.ts';
import { paintImages, type Shown } from './picture.ts';

interface Place {
  /** What the images are of, and what Enter does. */
  label: string;
  /** Begins the ids of the options: unlike those of other grids. */
  id: string;
  /** Images become smaller where all of them would need more than this. Pixels. */
  height: number;
  /** No image's longer side becomes longer. Pixels. */
  largest: number;
  /** Between two images. Pixels. */
  gap: number;
}

interface Heard {
  /** An image is pointed at, with the pixel in it; null: none is. */
  pointed(place: number | null, pixel: number | null): void;
  /** An image is clicked, or chosen by Enter. */
  chosen(place: number): void;
  /** What an image is, in words. */
  words(place: number): string;
}

/**
 * Images on one canvas. To assistive technology it is a list, of which only the option at the cursor exists;
 * a frame shows where the cursor stands.
 */
export class FilterGrid {
  readonly element: HTMLElement;
  readonly canvas = element('canvas', { 'aria-hidden': 'true', width: '0', height: '0' });
  readonly #frame = element('div', { class: 'frame', hidden: '' });
  readonly #list: HTMLElement;
  readonly #heard: Heard;
  readonly #room: Place;
  #shown: Shown | null = null;
  #grid: Grid | null = null;
  /** Where the cursor stands. */
  #place = 0;
  #pointed: number | null = null;
  #chosen = -1;

  constructor(place: Place, heard: Heard) {
    this.#heard = heard;
    this.#room = place;
    this.#list = element('div', {
      class: 'over',
      role: 'listbox',
      tabindex: '0',
      'aria-label': place.label,
    });
    const picture = element('div', { class: 'pointed' }, this.canvas, this.#frame, this.#list);
    this.element = element('div', { class: 'filters' }, picture);
    this.#list.addEventListener('pointermove', ({ offsetX, offsetY }) => {
      const place = this.#at(offsetX, offsetY);
      this.#point(place);
      heard.pointed(place, place === null ? null : this.#pixelAt(place, offsetX, offsetY));
    });
    this.#list.addEventListener('pointerleave', () => this.#leave());
    this.#list.addEventListener('blur', () => this.#leave());
    this.#list.addEventListener('focus', () => {
      if (this.#list.matches(':focus-visible')) this.#move(this.#place);
    });
    this.#list.addEventListener('click', ({ offsetX, offsetY }) => {
      const place = this.#at(offsetX, offsetY);
      if (place === null) return;
      this.#place = place;
      heard.chosen(place);
    });
    this.#list.addEventListener('keydown', (event) => this.#key(event));
  }

  /** `chosen` is the place of the image that is enlarged; -1 where it is not among these. */
  draw(shown: Shown, chosen: number): void {
    this.#shown = shown;
    this.#chosen = chosen;
    const { filters, order } = shown;
    const ratio = window.devicePixelRatio;
    const { height, largest, gap } = this.#room;
    const room = {
      height: height * ratio,
      largest: largest * ratio,
      gap: Math.round(gap * ratio),
    };
    const width = Math.floor(this.element.clientWidth * ratio);
    if (width === 0) return;
    const images = { count: order.length, width: filters.width, height: filters.height };
    const grid = gridOf(images, { ...room, width });
    this.#grid = grid;
    this.#place = Math.min(this.#place, order.length - 1);
    // Exactly: a scaled picture of pixels is blurred.
    const canvas = this.canvas;
    canvas.width = Math.floor(grid.columns * (grid.width + grid.gap) - grid.gap);
    canvas.height = Math.floor(grid.rows * (grid.height + grid.gap) - grid.gap);
    canvas.style.width = `${canvas.width / ratio}px`;
    canvas.style.height = `${canvas.height / ratio}px`;
    const pixels = new Uint32Array(canvas.width * canvas.height);
    paintImages(pixels, canvas.width, shown, grid);
    canvas.getContext('2d')!.putImageData(imageOf(pixels, canvas.width), 0, 0);
    this.#point(this.#pointed);
  }

  #at(x: number, y: number): number | null {
    if (!this.#grid || !this.#shown) return null;
    const ratio = window.devicePixelRatio;
    const place = imageAt(this.#grid, this.#shown.order.length, x * ratio, y * ratio);
    return place < 0 ? null : place;
  }

  /** The number of the pixel within its image, row by row. */
  #pixelAt(place: number, x: number, y: number): number {
    const { filters } = this.#shown!;
    const grid = this.#grid!;
    const [left, top] = cornerOf(grid, place);
    const ratio = window.devicePixelRatio;
    const column = Math.floor(((x * ratio - left) / grid.width) * filters.width);
    const row = Math.floor(((y * ratio - top) / grid.height) * filters.height);
    return row * filters.width + column;
  }

  #key(event: KeyboardEvent): void {
    if (!this.#grid || !this.#shown) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#heard.chosen(this.#place);
      return;
    }
    const to = moved(this.#place, event.key, this.#grid.columns, this.#shown.order.length);
    if (to === null) return;
    event.preventDefault();
    this.#move(to);
  }

  #move(place: number): void {
    this.#place = place;
    this.#point(place);
    this.#heard.pointed(place, null);
    // A new option each time: a changed text of the old one would not be read.
    const option = element('div', {
      class: 'visually-hidden',
      role: 'option',
      id: `${this.#room.id}-${place}`,
      'aria-selected': 'true',
      'aria-posinset': String(place + 1),
      'aria-setsize': String(this.#shown?.order.length ?? 0),
      text: this.#heard.words(place),
    });
    this.#list.replaceChildren(option);
    setAttribute(this.#list, 'aria-activedescendant', option.id);
    this.#frame.scrollIntoView({ block: 'nearest' });
  }

  #leave(): void {
    this.#point(null);
    this.#heard.pointed(null, null);
  }

  /** The frame is around the image that is pointed at, else the one that is enlarged. */
  #point(pointed: number | null): void {
    this.#pointed = pointed;
    const grid = this.#grid;
    const place = pointed ?? this.#chosen;
    this.#frame.hidden = place < 0 || !grid;
    if (place < 0 || !grid) return;
    const ratio = window.devicePixelRatio;
    const [left, top] = cornerOf(grid, place);
    this.#frame.style.transform = `translate(${left / ratio}px, ${top / ratio}px)`;
    this.#frame.style.width = `${grid.width / ratio}px`;
    this.#frame.style.height = `${grid.height / ratio}px`;
  }
}
