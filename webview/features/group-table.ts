import type { Group } from '../../core/inspection/explorer/groups.ts';
import { element } from '../dom.ts';
import { brief, count } from '../format.ts';
import { percent } from './bars.ts';

/** What a picture of groups shows, as numbers: a row a group. */
export class GroupTable {
  readonly element = element('details', { class: 'graph-table' });
  readonly #table = element('table');

  constructor() {
    const summary = element('summary', { text: 'The groups as a table' });
    this.element.append(summary, this.#table);
  }

  /** `what`: what a group is, such as "class". */
  show(what: string, names: readonly string[], groups: readonly Group[]): void {
    const heads = [what, 'examples', 'centre', 'nearest neighbours of the same'];
    const rows = groups.map(({ count: size, center, alike }, k) => {
      const cells = [count(size), center.map(brief).join(', '), percent(alike)];
      return element(
        'tr',
        {},
        element('th', { scope: 'row', text: names[k] }),
        ...(size > 0 ? cells : ['0', '–', '–']).map((text) => element('td', { text })),
      );
    });
    const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col', text })));
    this.#table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
  }
}
