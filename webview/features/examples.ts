import { Choices } from '../choices.ts';
import { element, setText } from '../dom.ts';
import { count } from '../format.ts';
import type { Answers, ExplorerFacts, Part } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { cellName, className, probability } from './bars.ts';
import { firstOf } from './card.ts';
import { toImage } from './picture.ts';
import { Rows } from './rows.ts';
import type { Tools } from './section.ts';
import { Select } from './select.ts';
import type { Cell, FeaturesChoice, ListName } from './state.ts';
import { Thumbnails } from './thumbnails.ts';
import { Work } from './work.ts';

const LIST_NAMES: { [L in Exclude<ListName, 'cell'>]: string } = {
  all: 'all',
  misclassified: 'misclassified',
  surelyRight: 'most confident right',
  surelyWrong: 'most confident wrong',
  worst: 'largest error',
};

/** Values of a row that is no image. */
const LISTED = 3;

/** The examples to choose from, in lists. */
export class ExampleList {
  readonly element: HTMLElement;
  readonly #facts: ExplorerFacts;
  readonly #tools: Tools;
  readonly #changed: (choice: Partial<FeaturesChoice>) => void;
  readonly #parts: Choices<Part>;
  readonly #lists: Select;
  readonly #rows: Rows;
  readonly #empty = element('p', { class: 'dim', hidden: '' });
  readonly #work = new Work('Looking at all examples');
  readonly #thumbnails: Thumbnails;
  #theme: Theme;
  #choice: FeaturesChoice;
  /** Indices in the list; null while it is made. */
  #order: Uint32Array | null = null;
  #predictions: Answers['predictions'] | null = null;

  constructor(
    facts: ExplorerFacts,
    tools: Tools,
    { choice, theme }: { choice: FeaturesChoice; theme: Theme },
    changed: (choice: Partial<FeaturesChoice>) => void,
  ) {
    this.#facts = facts;
    this.#tools = tools;
    this.#choice = choice;
    this.#theme = theme;
    this.#changed = changed;
    this.#parts = new Choices(
      { title: '', label: 'Part of the data', name: 'example-part' },
      ['train', 'validation'],
      (part) => this.#changed({ part, index: 0 }),
    );
    this.#lists = new Select('list', (list) => this.#changed({ list: list as ListName }));
    this.#rows = new Rows('Examples', 'example', {
      fill: (place) => this.#fill(this.#order![place]!),
      chosen: (place) => this.#changed({ index: this.#order![place]! }),
      seen: (from, to) => this.#want(from, to),
    });
    this.#thumbnails = new Thumbnails(tools.ask, facts, () => this.#draw());
    this.element = element(
      'aside',
      { class: 'examples' },
      element('h2', { text: 'Which example?' }),
      element('div', { class: 'tools' }, this.#parts.element),
      this.#lists.element,
      this.#work.element,
      this.#empty,
      this.#rows.element,
    );
    this.#parts.element.hidden = facts.examples.validation === 0;
  }

  async show(choice: FeaturesChoice): Promise<void> {
    const offered = this.#offered(choice.cell);
    this.#lists.offer(offered.map((list) => [list, this.#nameOf(list, choice.cell)] as const));
    const list = offered.includes(choice.list) ? choice.list : 'all';
    const { part, list: before, cell } = this.#choice;
    const isOtherCell = list === 'cell' && JSON.stringify(cell) !== JSON.stringify(choice.cell);
    const isOther = choice.part !== part || list !== before || isOtherCell;
    const isNew = isOther || !this.#order;
    this.#choice = { ...choice, list };
    this.#parts.update(choice.part);
    this.#lists.choose(list);
    if (isNew) await this.#list();
    else this.#draw();
  }

  hide(): void {
    this.#work.stop();
    this.#thumbnails.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#draw();
  }

  /** Numbers, right or wrong, to this part of the list. */
  #offered(cell: Cell | null): ListName[] {
    if (this.#facts.task === 'regression') return ['all', 'worst'];
    const lists: ListName[] = ['all', 'misclassified', 'surelyRight', 'surelyWrong'];
    return cell ? [...lists, 'cell'] : lists;
  }

  #nameOf(list: ListName, cell: Cell | null): string {
    return list === 'cell' ? cellName(this.#facts, cell!) : LIST_NAMES[list];
  }

  async #list(): Promise<void> {
    const { part, list, cell } = this.#choice;
    const all = () => Uint32Array.from({ length: this.#facts.examples[part] }, (_, i) => i);
    this.#predictions = null;
    this.#order = list === 'all' ? all() : null;
    this.#work.stop();
    this.#draw();
    if (list === 'all') return;
    const found = await this.#work.run((options) => this.#tools.predictions(part, options));
    if (!found) return;
    this.#predictions = found;
    this.#order = orderOf(found, list, cell);
    this.#draw();
  }

  #draw(): void {
    const order = this.#order ?? new Uint32Array();
    const isEmpty = this.#order !== null && order.length === 0;
    this.#empty.hidden = !isEmpty;
    setText(this.#empty, `No ${this.#choice.part} example is ${this.#emptyOf(this.#choice)}.`);
    this.#rows.update(order.length, order.indexOf(this.#choice.index));
  }

  #emptyOf({ list, cell }: FeaturesChoice): string {
    if (list === 'cell') return cellName(this.#facts, cell!);
    return list === 'surelyRight' ? 'classified right' : 'misclassified';
  }

  #want(from: number, to: number): void {
    if (this.#order)
      void this.#thumbnails.want(this.#choice.part, [...this.#order.slice(from, to)]);
  }

  #fill(index: number): Node[] {
    const { inputShape: shape, range } = this.#facts;
    const small = this.#thumbnails.get(this.#choice.part, index);
    const canvas = element('canvas', { 'aria-hidden': 'true' });
    if (small && shape.length === 3) {
      const pixels = { values: small.values, shape, look: { as: 'image', range } as const };
      const image = toImage(pixels, this.#theme);
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d')!.putImageData(image, 0, 0);
    }
    const what = small && small.label >= 0 ? className(this.#facts, small.label) : '';
    const row = small && shape.length === 1 ? firstOf(small.values, LISTED) : '';
    const texts = [
      element('span', { class: 'what', text: what }),
      element('span', { class: 'said dim', text: this.#said(index) || row }),
      element('span', { class: 'place dim', text: count(index) }),
    ];
    return shape.length === 3 ? [canvas, ...texts] : texts;
  }

  /** What the network says of it, as far as the list is about that. */
  #said(index: number): string {
    const found = this.#predictions;
    if (!found) return '';
    if (found.task === 'regression') return `loss ${Number(found.loss[index]!.toPrecision(3))}`;
    const predicted = found.predicted[index]!;
    const confidence =
      this.#facts.probabilities === 'none' ? '' : ` ${probability(found.confidence[index]!)}`;
    return predicted === found.labels[index]
      ? confidence
      : `→ ${className(this.#facts, predicted)}${confidence}`;
  }
}

function orderOf(found: Answers['predictions'], list: ListName, cell: Cell | null): Uint32Array {
  if (found.task === 'regression') return found.worst;
  if (list === 'cell') {
    const { labels, predicted } = found;
    const all = Uint32Array.from(labels, (_, i) => i);
    return all.filter((i) => labels[i] === cell!.label && predicted[i] === cell!.predicted);
  }
  if (list === 'surelyRight') return found.right;
  return list === 'misclassified' ? found.wrong.slice().sort() : found.wrong;
}
