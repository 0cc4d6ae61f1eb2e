import type { ValueRange } from '../../core/inspection/filters/range.ts';
import { element, setText } from '../dom.ts';
import { brief } from '../format.ts';
import { sized } from '../layers/canvas.ts';
import { type Palette, scaleImage } from './palette.ts';

/** What the colors mean: the scale from the lowest value over 0 to the highest. */
export class ScaleBar {
  readonly element: HTMLElement;
  readonly #low = element('span');
  readonly #high = element('span');
  readonly #canvas = element('canvas');

  constructor() {
    this.element = element('p', { class: 'scale-bar note' }, this.#low, this.#canvas, this.#high);
  }

  /** `range` null: each image has its own. */
  draw(range: ValueRange | null, palette: Palette): void {
    setText(this.#low, range ? brief(range.low) : '−max of each image');
    setText(this.#high, range ? brief(range.high) : '+max');
    const place = sized(this.#canvas);
    if (!place) return;
    const image = scaleImage(palette);
    const small = new OffscreenCanvas(image.width, 1);
    small.getContext('2d')!.putImageData(image, 0, 0);
    place.context.drawImage(small, 0, 0, place.width, place.height);
  }
}
