import type { Flow, Graph } from '../../core/inspection/graph/graph.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import type { Theme } from '../theme.ts';
import { Fields } from './fields.ts';
import { graphTable } from './numbers.ts';
import { GraphPicture } from './picture.ts';
import { progressOf, stepsOf } from './progress.ts';
import { nodeSentences, stepSentences, verdict } from './sentences.ts';
import { Stepper } from './stepper.ts';
import { GraphTable, Sentences } from './table.ts';

export const QUESTION = 'Where does the gradient flow, and where does it die?';
/** Sentences of one step: those of a whole layer are too many. */
const MOST_SENTENCES = 4;

/** A graph of single values, to be stepped through. */
export class GraphView {
  readonly element: HTMLElement;
  readonly #verdict = element('p', { class: 'verdict', role: 'status' });
  readonly #fields: Fields;
  readonly #stepper = new Stepper((step) => {
    this.#step = step;
    this.#focused = null;
    this.#paint();
  });
  readonly #picture = new GraphPicture(
    (node) => {
      this.#focused = node;
      this.#paint();
    },
    (node) => this.#fields.focus(this.#shown!.graph.nodes[node]!.name),
  );
  readonly #sentences = new Sentences();
  readonly #table = new GraphTable();
  #shown: { graph: Graph; flow: Flow; theme: Theme } | null = null;
  #step = Number.POSITIVE_INFINITY;
  #focused: number | null = null;

  /** `changed` is told when the user gives a value another number. */
  constructor(changed: (name: string, value: number) => void = () => {}) {
    this.#fields = new Fields(changed);
    const tools = element(
      'div',
      { class: 'graph-tools' },
      this.#fields.element,
      this.#stepper.element,
    );
    this.element = element('section', { class: 'graph-view' });
    const button = exportButton(this.element, 'the graph', () => this.#exportable());
    this.element.append(
      element('div', { class: 'titled' }, element('h2', { text: QUESTION }), button),
      this.#verdict,
      tools,
      this.#picture.element,
      this.#sentences.element,
      this.#table.element,
    );
  }

  /** What can be changed. */
  offer(given: ReadonlyMap<string, number>): void {
    this.#fields.show(given);
  }

  draw(graph: Graph, flow: Flow, theme: Theme): void {
    if (this.#shown && this.#shown.graph.nodes.length !== graph.nodes.length) this.#focused = null;
    this.#shown = { graph, flow, theme };
    this.#paint();
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { graph, flow, theme } = this.#shown;
    const name = `graph of ${graph.nodes[graph.output]!.name}`;
    return {
      name,
      table: () => graphTable(name, graph, flow),
      picture: { of: 'lines', svg: () => this.#picture.svg(name, theme) },
    };
  }

  #paint(): void {
    if (!this.#shown) return;
    const { graph, flow, theme } = this.#shown;
    const steps = stepsOf(graph);
    const progress = progressOf(graph, Math.min(this.#step, steps));
    const focused = this.#focused;
    setText(this.#verdict, verdict(graph, flow));
    this.#stepper.update(progress);
    this.#picture.draw(graph, flow, progress, { focused, theme });
    const sentences =
      focused === null
        ? stepSentences(graph, flow, progress)
        : nodeSentences(graph, flow, focused, progress);
    const more = sentences.length - MOST_SENTENCES;
    this.#sentences.update(
      more > 0 && focused === null
        ? [...sentences.slice(0, MOST_SENTENCES), `… and ${more} more like these`]
        : sentences,
    );
    this.#table.update(graph, flow);
  }
}
