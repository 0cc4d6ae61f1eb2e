import type { Flow, Graph } from '../../core/inspection/graph/graph.ts';
import type { Cell } from '../../core/report/chart/table.ts';
import { element, setText } from '../dom.ts';
import { exact } from '../format.ts';
import { graphTable } from './numbers.ts';

/** The same as numbers: a row a node. Filled while it is open. */
export class GraphTable {
  readonly element = element('details', { class: 'graph-table' });
  readonly #table = element('table');
  #latest: { graph: Graph; flow: Flow } | null = null;

  constructor() {
    const summary = element('summary', { text: 'All numbers as a table' });
    this.element.append(summary, this.#table);
    this.element.addEventListener('toggle', () => this.#write());
  }

  update(graph: Graph, flow: Flow): void {
    this.#latest = { graph, flow };
    this.#write();
  }

  #write(): void {
    if (!this.element.open || !this.#latest) return;
    const { graph, flow } = this.#latest;
    const { columns, rows } = graphTable('', graph, flow);
    const text = (cell: Cell) => (typeof cell === 'number' ? exact(cell) : (cell ?? ''));
    const lines = rows.map(([name = null, ...cells]) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', text: text(name) }),
        ...cells.map((cell) => element('td', { text: text(cell) })),
      ),
    );
    const head = element(
      'tr',
      {},
      ...columns.map((name) => element('th', { scope: 'col', text: name })),
    );
    this.#table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...lines));
  }
}

/** Sentences, each a line. */
export class Sentences {
  readonly element = element('ul', { class: 'sentences', 'aria-live': 'polite' });

  update(sentences: readonly string[]): void {
    while (this.element.children.length > sentences.length) this.element.lastChild!.remove();
    for (const [i, sentence] of sentences.entries()) {
      const line = this.element.children[i] ?? this.element.appendChild(element('li'));
      setText(line, sentence);
    }
  }
}
