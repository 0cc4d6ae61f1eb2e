import { element, setAttribute, setText } from '../dom.ts';
import type { LayerMoments } from '../protocol.ts';
import { momentText } from './inside.ts';

/** Chooses a moment of the run for all that is shown. At its right end it follows what comes. */
export class Scrubber {
  readonly element: HTMLElement;
  readonly #range: HTMLInputElement;
  readonly #text = element('output', { class: 'value' });
  #follows = true;
  #count = 0;
  /** The step to begin at, until there are moments. */
  #start: number | null;

  /** `start`: the step to begin at; null: the latest. */
  constructor(moved: () => void, start: number | null = null) {
    this.#start = start;
    this.#range = element('input', { type: 'range', min: '0', step: '1', class: 'scrub' });
    this.#range.addEventListener('input', () => {
      this.#follows = this.moment === this.#count - 1;
      moved();
    });
    this.element = element('label', { class: 'scrubber' }, 'at', this.#range, this.#text);
  }

  get moment(): number {
    return Number(this.#range.value);
  }

  /** Whether it is at the latest moment, and will be at those to come. */
  get follows(): boolean {
    return this.#follows;
  }

  update(moments: Pick<LayerMoments, 'steps' | 'epochs'>): void {
    this.#count = moments.steps.length;
    const last = Math.max(0, this.#count - 1);
    setAttribute(this.#range, 'max', String(last));
    if (this.#start !== null && this.#count > 0) {
      const at = moments.steps.indexOf(this.#start);
      this.#start = null;
      this.#follows = at < 0 || at === last;
      if (at >= 0) this.#range.value = String(at);
    }
    if (this.#follows || this.moment > last) this.#range.value = String(last);
    const text = momentText(moments, this.moment);
    setText(this.#text, this.#follows ? `${text} (latest)` : text);
    setAttribute(this.#range, 'aria-valuetext', text);
    setAttribute(this.#range, 'aria-label', 'Moment of the training');
  }
}
