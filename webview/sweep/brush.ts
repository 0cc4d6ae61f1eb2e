import { element, setAttribute } from '../dom.ts';
import type { Span } from './model.ts';
import { tidy } from './parallel-layout.ts';

/** Of an axis: by one press of an arrow key, and of a page key. */
const STEP = 0.02;
const PAGE = 0.1;

/** What is brushed of one axis: its two ends are sliders, for keys and for those who do not see it. */
export class AxisBrush {
  readonly element = element('div', { class: 'brush' });
  readonly #mark = element('div', { class: 'brushed' });
  readonly #ends: readonly [HTMLElement, HTMLElement];
  readonly #changed: (span: Span | null) => void;
  #span: Span | null = null;

  constructor(changed: (span: Span | null) => void) {
    this.#changed = changed;
    const end = (which: 0 | 1) => {
      const handle = element('div', {
        class: 'end',
        role: 'slider',
        tabindex: '0',
        'aria-orientation': 'vertical',
        'aria-valuemin': '0',
        'aria-valuemax': '1',
      });
      handle.addEventListener('keydown', (event) => this.#key(event, which));
      return handle;
    };
    this.#ends = [end(0), end(1)];
    this.element.append(this.#mark, ...this.#ends);
  }

  /** `words` tells what a place of the axis means. */
  place(
    name: string,
    span: Span | null,
    x: number,
    top: number,
    high: number,
    words: (unit: number) => string,
  ): void {
    this.#span = span;
    const [low, up] = span ?? [0, 1];
    const y = (unit: number) => (1 - unit) * high;
    this.element.style.transform = `translate(${x}px, ${top}px)`;
    this.#mark.hidden = !span;
    this.#mark.style.transform = `translateY(${y(up)}px)`;
    this.#mark.style.height = `${(up - low) * high}px`;
    this.element.classList.toggle('active', span !== null);
    for (const [i, end] of this.#ends.entries()) {
      const unit = i === 0 ? low : up;
      end.style.transform = `translateY(${y(unit)}px)`;
      setAttribute(end, 'aria-label', `${name}, ${i === 0 ? 'from' : 'to'}`);
      setAttribute(end, 'aria-valuenow', unit.toFixed(2));
      setAttribute(end, 'aria-valuetext', words(unit));
    }
  }

  #key(event: KeyboardEvent, which: 0 | 1): void {
    const [low, high] = this.#span ?? [0, 1];
    const now = which === 0 ? low : high;
    const to = {
      ArrowUp: now + STEP,
      ArrowRight: now + STEP,
      ArrowDown: now - STEP,
      ArrowLeft: now - STEP,
      PageUp: now + PAGE,
      PageDown: now - PAGE,
      Home: 0,
      End: 1,
    }[event.key];
    if (event.key === 'Escape' || event.key === 'Delete') this.#set(null);
    if (to === undefined) return;
    event.preventDefault();
    // An end does not pass the other.
    const next =
      which === 0 ? tidy(Math.min(to, high - STEP), high) : tidy(low, Math.max(to, low + STEP));
    this.#set(next);
  }

  /** Known at once: the next key may come before anything is drawn. */
  #set(span: Span | null): void {
    this.#span = span;
    this.#changed(span);
  }
}
