import type { Flow, Graph } from '../../core/inspection/graph/graph.ts';
import { element, setText } from '../dom.ts';
import { exact } from '../format.ts';

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
    const { nodes, output } = graph;
    const f = nodes[output]!.name;
    const heads = ['node', 'what it is', 'value', `∂${f}/∂node`, 'local gradients'];
    const rows = nodes.map(({ name, inputs, formula }, node) => {
      const names = inputs.map((input) => nodes[input]!.name);
      const locals = flow.locals[node]!.map((local, k) => `∂/∂${names[k]} ${exact(local)}`);
      const cells = [
        inputs.length > 0 ? formula(names) : 'given',
        exact(flow.values[node]!),
        exact(flow.gradients[node]!),
        locals.join(', '),
      ];
      return element(
        'tr',
        {},
        element('th', { scope: 'row', text: name }),
        ...cells.map((text) => element('td', { text })),
      );
    });
    const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col', text })));
    this.#table.replaceChildren(element('thead', {}, head), element('tbody', {}, ...rows));
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
