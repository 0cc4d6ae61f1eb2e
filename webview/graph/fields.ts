import { element, setAttribute } from '../dom.ts';

/** Numbers to change: one field a name. What is no number leaves the graph as it is. */
export class Fields {
  readonly element = element('div', { class: 'fields', role: 'group', 'aria-label': 'Values' });
  readonly #changed: (name: string, value: number) => void;
  readonly #inputs = new Map<string, HTMLInputElement>();
  readonly #reset = element('button', { type: 'button', class: 'choice', text: 'reset' });
  /** As they were given. */
  #given = new Map<string, number>();

  constructor(changed: (name: string, value: number) => void) {
    this.#changed = changed;
    this.#reset.title = 'Back to the values of the file';
    this.#reset.addEventListener('click', () => {
      for (const [name, value] of this.#given) {
        this.#inputs.get(name)!.value = String(value);
        changed(name, value);
      }
      this.#mark();
    });
  }

  show(given: ReadonlyMap<string, number>): void {
    this.#given = new Map(given);
    this.#inputs.clear();
    const labels = [...given].map(([name, value]) => {
      const input = element('input', { type: 'number', step: 'any', 'aria-label': name });
      input.value = String(value);
      input.addEventListener('input', () => {
        const isNumber = Number.isFinite(input.valueAsNumber);
        setAttribute(input, 'aria-invalid', String(!isNumber));
        if (isNumber) this.#changed(name, input.valueAsNumber);
        this.#mark();
      });
      this.#inputs.set(name, input);
      return element('label', {}, `${name} `, input);
    });
    this.element.replaceChildren(...labels, this.#reset);
    this.#mark();
  }

  focus(name: string): void {
    this.#inputs.get(name)?.focus();
    this.#inputs.get(name)?.select();
  }

  #mark(): void {
    this.#reset.hidden = [...this.#given].every(
      ([name, value]) => this.#inputs.get(name)!.value === String(value),
    );
  }
}
