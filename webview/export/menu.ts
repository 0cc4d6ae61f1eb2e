import { element } from '../dom.ts';
import type { ExportRequest } from './button.ts';
import { type Exportable, FORMATS, type Format } from './exportable.ts';

const TITLES: { [F in Format]: string } = {
  png: 'Save PNG…',
  svg: 'Save SVG…',
  csv: 'Save CSV…',
  markdown: 'Copy as Markdown',
};

/** Of what a chart offers, one to choose: by pointer, arrow keys or Enter; Escape leaves. */
export class ExportMenu {
  readonly element = element('div', { class: 'menu', role: 'menu', 'aria-label': 'Export' });
  readonly #take: (what: Exportable, format: Format) => void;
  #from: HTMLElement | null = null;

  constructor(take: (what: Exportable, format: Format) => void) {
    this.#take = take;
    this.element.hidden = true;
    this.element.addEventListener('keydown', (event) => this.#key(event));
    this.element.addEventListener('focusout', ({ relatedTarget }) => {
      if (!(relatedTarget instanceof Node && this.element.contains(relatedTarget)))
        this.#close(false);
    });
  }

  open({ what, x, y, from }: ExportRequest): void {
    this.#from = from;
    const items = what
      ? FORMATS.filter((format) => what.picture || !(format === 'png' || format === 'svg')).map(
          (format) => this.#item(what, format),
        )
      : [element('p', { class: 'dim', text: 'There is nothing to save yet' })];
    this.element.replaceChildren(...items);
    this.element.tabIndex = -1;
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const left = Math.max(0, Math.min(x, document.documentElement.clientWidth - offsetWidth - 4));
    const top = Math.max(0, Math.min(y, window.innerHeight - offsetHeight - 4));
    this.element.style.transform = `translate(${left}px, ${top}px)`;
    const [first] = items;
    (first instanceof HTMLButtonElement ? first : this.element).focus();
  }

  #item(what: Exportable, format: Format): HTMLButtonElement {
    const pixels = format === 'svg' && what.picture?.of === 'pixels';
    const text = `${TITLES[format]}${pixels ? ' (pixels inside)' : ''}`;
    const item = element('button', { type: 'button', role: 'menuitem', tabindex: '-1', text });
    item.addEventListener('click', () => {
      this.#close(true);
      this.#take(what, format);
    });
    return item;
  }

  #key(event: KeyboardEvent): void {
    const items = [...this.element.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const last = items.length - 1;
    const to = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      this.#close(true);
    }
    if (to === undefined) return;
    event.preventDefault();
    items[to]?.focus();
  }

  #close(back: boolean): void {
    if (this.element.hidden) return;
    this.element.hidden = true;
    if (back) this.#from?.focus();
  }
}
