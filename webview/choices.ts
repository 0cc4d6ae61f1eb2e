import { element } from './dom.ts';

/** One of a few words to choose, side by side. */
export class Choices<T extends string> {
  readonly element: HTMLElement;
  readonly #radios = new Map<T, HTMLInputElement>();

  /** `title` stands before them; `label` is what they are about, said in full. */
  constructor(
    { title, label, name }: { title: string; label: string; name: string },
    options: readonly T[],
    chosen: (option: T) => void,
  ) {
    this.element = element(
      'span',
      { class: 'axis', role: 'radiogroup', 'aria-label': label },
      title,
    );
    for (const option of options) {
      const radio = element('input', { type: 'radio', name, value: option });
      radio.addEventListener('change', () => chosen(option));
      this.element.append(element('label', { class: 'choice' }, radio, option));
      this.#radios.set(option, radio);
    }
  }

  update(chosen: T): void {
    for (const [option, radio] of this.#radios) radio.checked = option === chosen;
  }
}
