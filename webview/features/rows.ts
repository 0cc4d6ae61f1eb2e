import { element, setAttribute } from '../dom.ts';

/** Pixels. */
const ROW = 40;
/** Rows above and below what is seen. */
const SPARE = 4;

interface Heard {
  /** What stands in a row. */
  fill(place: number): Node[];
  chosen(place: number): void;
  /** These are seen, from the first up to, not including, the last. */
  seen(from: number, to: number): void;
}

/** A list of any length to choose one of: only the rows that are seen exist. Arrow keys go through it. */
export class Rows {
  readonly element: HTMLElement;
  readonly #all = element('div', { class: 'all-rows', role: 'presentation' });
  readonly #heard: Heard;
  readonly #id: string;
  #count = 0;
  #chosen = -1;
  #drawn: [from: number, to: number] = [0, 0];

  constructor(label: string, id: string, heard: Heard) {
    this.#heard = heard;
    this.#id = id;
    this.element = element(
      'div',
      { class: 'rows', role: 'listbox', tabindex: '0', 'aria-label': label },
      this.#all,
    );
    this.element.addEventListener('scroll', () => this.#draw(false));
    this.element.addEventListener('keydown', (event) => this.#key(event));
    new ResizeObserver(() => this.#draw(false)).observe(this.element);
  }

  /** `chosen`: −1 where the chosen one is not among these. */
  update(count: number, chosen: number): void {
    this.#count = count;
    this.#all.style.height = `${count * ROW}px`;
    const moved = chosen !== this.#chosen;
    this.#chosen = chosen;
    if (moved) this.#reveal();
    this.#draw(true);
  }

  #draw(anew: boolean): void {
    const { scrollTop, clientHeight } = this.element;
    if (clientHeight === 0) return;
    const from = Math.max(0, Math.floor(scrollTop / ROW) - SPARE);
    const to = Math.min(this.#count, Math.ceil((scrollTop + clientHeight) / ROW) + SPARE);
    if (!anew && from === this.#drawn[0] && to === this.#drawn[1]) return;
    this.#drawn = [from, to];
    const places = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
    this.#all.replaceChildren(...places.map((place) => this.#row(place)));
    const isThere = this.#chosen >= from && this.#chosen < to;
    setAttribute(
      this.element,
      'aria-activedescendant',
      isThere ? `${this.#id}-${this.#chosen}` : '',
    );
    this.#heard.seen(from, to);
  }

  #row(place: number): HTMLElement {
    const row = element(
      'div',
      {
        class: 'row',
        role: 'option',
        id: `${this.#id}-${place}`,
        'aria-selected': String(place === this.#chosen),
        'aria-posinset': String(place + 1),
        'aria-setsize': String(this.#count),
      },
      ...this.#heard.fill(place),
    );
    row.style.top = `${place * ROW}px`;
    row.addEventListener('click', () => this.#heard.chosen(place));
    return row;
  }

  #reveal(): void {
    const top = this.#chosen * ROW;
    const { scrollTop, clientHeight } = this.element;
    if (this.#chosen < 0) this.element.scrollTop = 0;
    else if (top < scrollTop) this.element.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight)
      this.element.scrollTop = top + ROW - clientHeight;
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 1);
    const to: { [key: string]: number } = {
      ArrowUp: this.#chosen - 1,
      ArrowDown: this.#chosen + 1,
      PageUp: this.#chosen - page,
      PageDown: this.#chosen + page,
      Home: 0,
      End: this.#count - 1,
    };
    const place = to[event.key];
    if (place === undefined || this.#count === 0) return;
    event.preventDefault();
    this.#heard.chosen(Math.max(0, Math.min(this.#count - 1, place)));
  }
}
