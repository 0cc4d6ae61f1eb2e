import { element, setText } from './dom.ts';
import { rate } from './format.ts';

/** The learning rate; while its run is live, a click or Enter makes it a field to type another into. */
export class RateField {
  readonly element = element('span', { class: 'rate' });
  readonly #button: HTMLButtonElement;
  readonly #text = element('span', { class: 'big' });
  readonly #input: HTMLInputElement;
  readonly #error = element('span', { class: 'error', role: 'alert' });

  constructor(send: (value: number) => void) {
    this.#button = element('button', {
      type: 'button',
      class: 'big choice',
      title: 'Change the learning rate of the running training',
    });
    this.#input = element('input', {
      type: 'text',
      class: 'big',
      'aria-label': 'Learning rate',
      inputmode: 'decimal',
      spellcheck: 'false',
    });
    this.#button.addEventListener('click', () => this.#open());
    this.#input.addEventListener('blur', () => this.#close(false));
    this.#input.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#close(true);
      if (event.key !== 'Enter') return;
      // else the button, which gets the focus, takes the key for a press
      event.preventDefault();
      const value = Number(this.#input.value.trim() || Number.NaN);
      if (Number.isFinite(value) && value > 0) {
        send(value);
        this.#close(true);
      } else {
        this.#input.setAttribute('aria-invalid', 'true');
        setText(this.#error, 'A number above 0, such as 1e-3');
      }
    });
    this.#input.hidden = true;
    this.element.append(this.#button, this.#text, this.#input, this.#error);
  }

  update(value: number, live: boolean): void {
    const text = Number.isNaN(value) ? '–' : rate(value);
    setText(this.#button, live ? text : '');
    setText(this.#text, live ? '' : text);
    this.#button.setAttribute('aria-label', `Learning rate ${text}: change`);
    const editing = !this.#input.hidden;
    if (editing && !live) this.#close(false);
    this.#button.hidden = !live || !this.#input.hidden;
    this.#text.hidden = live;
  }

  #open(): void {
    this.#input.value = this.#button.textContent ?? '';
    this.#button.hidden = true;
    this.#input.hidden = false;
    this.#input.focus();
    this.#input.select();
  }

  #close(focus: boolean): void {
    if (this.#input.hidden) return;
    this.#button.hidden = false;
    // hidden last: hiding the field that has the focus fires blur
    if (focus) this.#button.focus();
    this.#input.hidden = true;
    this.#input.removeAttribute('aria-invalid');
    setText(this.#error, '');
  }
}
