import { element, setAttribute } from '../dom.ts';

/** One of many, by name. */
export class Select {
  readonly element: HTMLElement;
  readonly #select = element('select');
  #options = '';

  /** `title` stands before it. */
  constructor(title: string, chosen: (value: string) => void) {
    // The label's own text would have every option in it.
    setAttribute(this.#select, 'aria-label', title);
    this.#select.addEventListener('change', () => chosen(this.#select.value));
    this.element = element('label', { class: 'select' }, title, this.#select);
  }

  get value(): string {
    return this.#select.value;
  }

  /** [value, text] of each. The choice stays where it can. */
  offer(options: readonly (readonly [value: string, text: string])[]): void {
    const key = JSON.stringify(options);
    if (key === this.#options) return;
    this.#options = key;
    const { value } = this.#select;
    this.#select.replaceChildren(
      ...options.map(([name, text]) => element('option', { value: name, text })),
    );
    this.choose(options.some(([name]) => name === value) ? value : (options[0]?.[0] ?? ''));
  }

  choose(value: string): void {
    this.#select.value = value;
  }
}
