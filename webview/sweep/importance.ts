import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { percent } from '../features/bars.ts';
import { keyName } from './keys.ts';
import type { SweepFacts } from './protocol.ts';

/** How much each key explains of how trials differ: a bar each. */
export class ImportanceBars {
  readonly element = element('figure', { class: 'panel importance' });
  readonly #table = element('table', { class: 'bars' });
  readonly #empty = element('p', { class: 'dim', text: 'Told once some trials have ended.' });
  #facts: SweepFacts | null = null;

  constructor() {
    const title = 'Importance of each key';
    const button = exportButton(this.element, title, () => this.#exportable(title));
    const note = element('span', { class: 'note', text: 'share of the differences in rank' });
    this.element.append(
      element('figcaption', {}, element('h2', { text: title }), note, button),
      this.#table,
      this.#empty,
    );
  }

  draw(facts: SweepFacts): void {
    this.#facts = facts;
    const { importance, keys } = facts;
    this.#empty.hidden = importance.length > 0;
    const rows = importance.map(({ key, share }) => {
      const bar = element('span');
      bar.style.transform = `scaleX(${Math.min(1, share)})`;
      const head = element('th', { scope: 'row', title: key });
      setText(head, keyName(key, keys));
      return element(
        'tr',
        {},
        head,
        element('td', {}, element('span', { class: 'bar' }, bar)),
        element('td', { class: 'number', text: percent(share) }),
      );
    });
    this.#table.replaceChildren(...rows);
  }

  #exportable(title: string) {
    if (!this.#facts || this.#facts.importance.length === 0) return null;
    const rows = this.#facts.importance.map(({ key, share }) => [key, share]);
    const table = { title, columns: ['key', 'share of the variance of ranks'], rows, digest: null };
    return { name: title, table: () => table, picture: null };
  }
}
