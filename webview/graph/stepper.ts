import { element, icon, setAttribute, setText } from '../dom.ts';
import { type ButtonElement, createIconButton } from '../toolkit.ts';
import type { Progress } from './progress.ts';

const BACK = 'M10.5 3v10L4 8z';
const ON = 'M5.5 3v10L12 8z';

/** Goes through a graph as one does by hand: forward gate by gate, then backward. */
export class Stepper {
  readonly element: HTMLElement;
  readonly #range = element('input', { type: 'range', min: '0', step: '1', class: 'scrub' });
  readonly #text = element('output', { class: 'value' });
  readonly #back: ButtonElement;
  readonly #on: ButtonElement;

  constructor(moved: (step: number) => void) {
    const to = (step: number) => moved(Math.max(0, Math.min(Number(this.#range.max), step)));
    this.#back = createIconButton('One step back', icon(BACK));
    this.#on = createIconButton('One step on', icon(ON));
    this.#back.addEventListener('click', () => to(this.#range.valueAsNumber - 1));
    this.#on.addEventListener('click', () => to(this.#range.valueAsNumber + 1));
    this.#range.addEventListener('input', () => to(this.#range.valueAsNumber));
    setAttribute(this.#range, 'aria-label', 'Steps forward and backward');
    this.element = element(
      'div',
      { class: 'stepper' },
      this.#back,
      this.#range,
      this.#on,
      this.#text,
    );
  }

  update({ step, steps, direction }: Progress): void {
    setAttribute(this.#range, 'max', String(steps));
    this.#range.value = String(step);
    this.#back.disabled = step === 0;
    this.#on.disabled = step === steps;
    const forward = (steps - 1) / 2;
    const text =
      direction === 'given'
        ? 'before the first gate'
        : direction === 'forward'
          ? `forward ${step} of ${forward}`
          : `backward ${step - forward - 1} of ${forward}`;
    setText(this.#text, text);
    setAttribute(this.#range, 'aria-valuetext', text);
  }
}
