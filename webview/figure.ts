import { element, setText } from './dom.ts';

/** A number with what it is before it and what it is of after it. */
export class Figure {
  readonly element: HTMLElement;
  readonly #unit = element('span', { class: 'unit' });
  readonly #value = element('span', { class: 'big' });
  readonly #rest = element('span', { class: 'rest' });

  constructor(name: string) {
    this.element = element('span', { class: 'figure', 'data-number': name });
    this.element.append(this.#unit, this.#value, this.#rest);
  }

  set(unit: string, value: string, rest = ''): void {
    // a space, so that no one reads "epoch12"
    setText(this.#unit, `${unit} `);
    setText(this.#value, value);
    setText(this.#rest, rest);
  }
}
