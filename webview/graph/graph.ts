import { networkGraph } from '../../core/inspection/graph/network-graph.ts';
import { css } from '../color.ts';
import { element, setText } from '../dom.ts';
import type { ExplorerClient } from '../features/client.ts';
import { checkpointText, type Exploring } from '../features/state.ts';
import { Work } from '../features/work.ts';
import type { Inside } from '../layers/inside.ts';
import type { Answers, ExampleId, ExplorerFacts, Part } from '../protocol.ts';
import { type Theme, textColor } from '../theme.ts';
import { LayerBoxes } from './boxes.ts';
import { GraphView, QUESTION } from './view.ts';

interface Known {
  inside: Inside | null;
  exploring: Exploring | null;
  /** It has a process that still trains. */
  live: boolean;
}

interface Heard {
  /** The latest checkpoint is to be taken up. */
  open(): void;
  /** To be kept over a reload. */
  changed(example: ExampleId): void;
}

/** The network of a run as a graph: of single values for one example, or of layers where it is large. */
export class Graph {
  readonly element: HTMLElement;
  readonly #client: ExplorerClient;
  readonly #heard: Heard;
  readonly #notice = element('p', { class: 'notice' });
  readonly #title = element('h2', { text: QUESTION });
  readonly #reason = element('p', { class: 'reason' });
  readonly #small = element('div');
  readonly #view = new GraphView();
  readonly #work = new Work('Going forward and backward');
  readonly #part = element('select', { 'aria-label': 'Part of the data' });
  readonly #index = element('input', { type: 'number', min: '0', 'aria-label': 'Example' });
  readonly #said = element('span', { class: 'dim' });
  readonly #newer = element('button', { type: 'button', class: 'choice' });
  readonly #boxes = new LayerBoxes();
  #example: ExampleId;
  /** What has been asked, and what of it was answered. */
  #asked = '';
  #answered = '';
  /** The network that is shown. */
  #session = 0;
  #shown: ReturnType<typeof networkGraph> | null = null;
  #theme: Theme;

  constructor(client: ExplorerClient, example: ExampleId | undefined, theme: Theme, heard: Heard) {
    this.#client = client;
    this.#example = example ?? { part: 'train', index: 0 };
    this.#theme = theme;
    this.#heard = heard;
    for (const part of ['train', 'validation'] as const)
      this.#part.append(
        element('option', { value: part, text: part === 'train' ? 'training' : part }),
      );
    this.#part.addEventListener('change', () => {
      this.#choose({ part: this.#part.value as Part, index: 0 });
    });
    this.#index.addEventListener('change', () => {
      const { valueAsNumber } = this.#index;
      if (Number.isInteger(valueAsNumber)) this.#choose({ ...this.#example, index: valueAsNumber });
    });
    this.#newer.addEventListener('click', () => heard.open());
    const tools = element(
      'div',
      { class: 'graph-example' },
      this.#part,
      ' example ',
      this.#index,
      this.#said,
      this.#newer,
    );
    this.#small.append(tools, this.#work.element, this.#view.element);
    this.element = element(
      'section',
      { class: 'graph' },
      this.#notice,
      this.#title,
      this.#reason,
      this.#small,
      this.#boxes.element,
    );
  }

  draw({ inside, exploring, live }: Known, theme: Theme): void {
    this.#theme = theme;
    const { style } = this.element;
    style.setProperty('--value', css(textColor(theme.good, theme)));
    style.setProperty('--gradient', css(textColor(theme.error, theme)));
    style.setProperty('--line', css(theme.other));
    const isMeasured = inside !== null && inside.moments.steps.length > 0;
    const maybe = inside?.moments.maybeSmall ?? false;
    const network = maybe ? (exploring?.network ?? null) : null;
    const refused = network?.facts.refused.backpropagation ?? null;
    const problem = maybe ? (exploring?.problem ?? null) : null;
    const isSmall = network !== null && refused === null && problem === null;
    const isWaiting = maybe && !isSmall && refused === null && problem === null;
    this.#small.hidden = !isSmall;
    this.#boxes.element.hidden = isSmall || isWaiting || !isMeasured;
    this.#title.hidden = isSmall || this.#boxes.element.hidden;
    const reason = refused ?? (problem && `Layer by layer, as no example can be shown. ${problem}`);
    setText(this.#reason, reason ?? '');
    this.#reason.hidden = this.#boxes.element.hidden || !reason;
    this.#notice.hidden = isSmall || !this.#boxes.element.hidden;
    setText(
      this.#notice,
      isWaiting ? 'Loading the network and its data…' : emptyText(inside, live),
    );
    if (isSmall) this.#ask(exploring!, network.facts);
    else this.hide();
    if (!this.#boxes.element.hidden) this.#boxes.draw(inside!);
  }

  /** Another tab is shown: nothing is computed any more. */
  hide(): void {
    if (this.#asked !== this.#answered) this.#asked = '';
    this.#work.stop();
  }

  #choose(example: ExampleId): void {
    this.#example = example;
    this.#heard.changed(example);
  }

  #ask({ session, network, newer }: Exploring, facts: ExplorerFacts): void {
    const { examples } = facts;
    // What was chosen with another run need not be there.
    const part = examples[this.#example.part] > 0 ? this.#example.part : 'train';
    const index = Math.max(0, Math.min(this.#example.index, examples[part] - 1));
    const example = { part, index };
    this.#newer.hidden = !newer;
    if (newer) setText(this.#newer, `load the newer one of ${checkpointText(newer)}`);
    if (session !== this.#session) this.#view.element.hidden = true;
    this.#session = session;
    const asked = JSON.stringify([session, example]);
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#client.session = session;
      const source = `of ${examples[part].toLocaleString('en-US')} · the network as of ${checkpointText(network!.checkpoint)}`;
      void this.#look(example, facts, source);
    } else if (asked === this.#answered) this.#paint();
  }

  async #look(example: ExampleId, facts: ExplorerFacts, source: string): Promise<void> {
    const asked = this.#asked;
    const answer = await this.#work.run((options) =>
      this.#client.ask({ type: 'backpropagation', example }, options),
    );
    if (!answer || asked !== this.#asked) return;
    this.#answered = asked;
    this.#view.element.hidden = false;
    this.#part.value = example.part;
    this.#part.options[1]!.disabled = facts.examples.validation === 0;
    this.#index.max = String(facts.examples[example.part] - 1);
    this.#index.value = String(example.index);
    setText(this.#said, source);
    this.#show(facts, answer);
  }

  #show({ layers }: ExplorerFacts, answer: Answers['backpropagation']): void {
    this.#shown = networkGraph(layers, answer);
    this.#paint();
  }

  #paint(): void {
    const { graph, flow } = this.#shown!;
    this.#view.draw(graph, flow, this.#theme);
  }
}

function emptyText(inside: Inside | null, live: boolean): string {
  if (live) return 'Waiting for the first look inside…';
  if (!inside) return 'Reading the run…';
  return 'Nothing inside this network was measured: it was trained with inspect: none, or ended before its first step. Train it again with inspect: { everyEpochs: 1 }.';
}
