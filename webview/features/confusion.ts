import { type ClassRates, classRates } from '../../core/inspection/explorer/confusion.ts';
import { type Color, contrast, css, mix } from '../color.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { count } from '../format.ts';
import type { Answers, Part } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { cellName, className, percent } from './bars.ts';
import type { Section, Subject, Tools } from './section.ts';
import type { Cell } from './state.ts';
import { confusionTable } from './tables.ts';
import { Work } from './work.ts';

/** More classes than these would not be read: those with most errors are shown. */
const MOST = 40;
/** Contrast of text with its cell: WCAG 2.2, AA. */
const CONTRAST = 4.5;
/** How much color the fullest cell has. */
const FULL = 0.8;

type ClassPredictions = Extract<Answers['predictions'], { task: 'classification' }>;

/** A cell, and what makes its color. */
interface Drawn extends Cell {
  node: HTMLTableCellElement;
  share: number;
}

/** What is taken for what: a row a true class, a column a predicted one. */
export class ConfusionMatrix implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #work = new Work('Looking at all examples');
  readonly #words = element('p', { class: 'said' });
  readonly #note = element('p', { class: 'note' });
  readonly #table = element('table', { class: 'confusion', role: 'grid' });
  #cells: Drawn[][] = [];
  /** The cell that Tab goes to. */
  #place: [row: number, column: number] = [0, 0];
  #part: Part | null = null;
  #found: ClassPredictions | null = null;
  #subject: Subject | null = null;
  #theme: Theme;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#table.addEventListener('keydown', (event) => this.#key(event));
    this.element = element('div');
    const button = exportButton(this.element, 'the confusion matrix', () => this.#exportable());
    this.element.append(
      this.#work.element,
      element('div', { class: 'titled' }, this.#words, button),
      this.#note,
      element('div', { class: 'wide' }, this.#table),
    );
  }

  show(subject: Subject): void {
    this.#subject = subject;
    void this.#ask(subject.example.part);
  }

  hide(): void {
    this.#work.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const cell of this.#cells.flat()) color(cell, theme);
  }

  #exportable(): Exportable | null {
    if (!this.#found) return null;
    const { facts } = this.#subject!;
    const { confusion } = this.#found;
    const name = `confusion matrix of the ${this.#part} examples`;
    return { name, table: () => confusionTable(name, facts, confusion), picture: null };
  }

  async #ask(part: Part): Promise<void> {
    if (this.#part === part) return;
    const found = await this.#work.run((options) => this.#tools.predictions(part, options));
    if (found?.task !== 'classification') return;
    this.#part = part;
    this.#found = found;
    this.#draw(found);
  }

  #draw(found: ClassPredictions): void {
    const { facts } = this.#subject!;
    const classes = facts.classes!.length;
    const rates = classRates(found, classes);
    const shown = mostWrong(found, rates, classes);
    const name = (k: number) => className(facts, k);
    const head = (k: number) => element('th', { scope: 'col', text: name(k), title: name(k) });
    const heading = element(
      'tr',
      {},
      element('td', { class: 'dim', text: 'true ↓ said →' }),
      ...shown.map(head),
      element('th', { scope: 'col', class: 'rate', text: 'recall' }),
    );
    this.#cells = shown.map((label) =>
      shown.map((predicted) => this.#cell({ label, predicted }, found, rates)),
    );
    const rows = shown.map((label, row) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', text: name(label), title: name(label) }),
        ...this.#cells[row]!.map(({ node }) => node),
        element('td', { class: 'rate', text: percent(rates.recall[label]!) }),
      ),
    );
    const precision = element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'rate', text: 'precision' }),
      ...shown.map((k) => element('td', { class: 'rate', text: percent(rates.precision[k]!) })),
      element('td', { class: 'rate', text: percent(found.accuracy) }),
    );
    this.#table.replaceChildren(
      element('thead', {}, heading),
      element('tbody', {}, ...rows),
      element('tfoot', {}, precision),
    );
    setAttribute(this.#table, 'aria-label', `Confusion matrix of the ${this.#part} examples`);
    for (const [row, cells] of this.#cells.entries())
      for (const [column, { node }] of cells.entries())
        node.addEventListener('focus', () => this.#stand(row, column));
    this.#place = [0, 0];
    this.#cells[0]![0]!.node.tabIndex = 0;
    setText(this.#words, this.#summary(found, classes));
    const some =
      shown.length < classes
        ? ` Of ${count(classes)} classes these ${MOST} are misclassified most.`
        : '';
    setText(
      this.#note,
      `Counts, and shares of the true class. Click a cell to list its examples.${some}`,
    );
    this.paint(this.#theme);
  }

  #cell(cell: Cell, { confusion }: ClassPredictions, { totals, recall }: ClassRates): Drawn {
    const { facts } = this.#subject!;
    const { label, predicted } = cell;
    const number = confusion[label * recall.length + predicted]!;
    const share = number / totals[label]!;
    const node = element(
      'td',
      {
        class: number === 0 ? 'none' : undefined,
        tabindex: '-1',
        'aria-label': `${cellName(facts, cell)}: ${count(number)}, ${percent(share)}`,
      },
      element('span', { text: count(number) }),
      element('small', { text: number === 0 ? '' : percent(share) }),
    );
    node.addEventListener('click', () => this.#list(cell));
    return { ...cell, node, share };
  }

  #list(cell: Cell): void {
    this.#tools.list(this.#part!, cell);
  }

  #summary(
    { accuracy, right, labels, confusion, unclassified }: ClassPredictions,
    classes: number,
  ) {
    const { facts } = this.#subject!;
    let worst = -1;
    for (const [at, number] of confusion.entries()) {
      const isError = Math.floor(at / classes) !== at % classes;
      if (isError && number > (confusion[worst] ?? 0)) worst = at;
    }
    const most =
      worst < 0
        ? ''
        : ` Most often: ${cellName(facts, { label: Math.floor(worst / classes), predicted: worst % classes })} (${count(confusion[worst]!)}).`;
    const none =
      unclassified > 0
        ? ` For ${count(unclassified)} the network gives NaN: they are in no column.`
        : '';
    return `${count(right.length)} of ${count(labels.length)} ${this.#part} examples are right: ${percent(accuracy)}.${most}${none}`;
  }

  #key(event: KeyboardEvent): void {
    const [row, column] = this.#place;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#list(this.#cells[row]![column]!);
      return;
    }
    const last = this.#cells.length - 1;
    const to: { [key: string]: [number, number] } = {
      ArrowUp: [row - 1, column],
      ArrowDown: [row + 1, column],
      ArrowLeft: [row, column - 1],
      ArrowRight: [row, column + 1],
      Home: [row, 0],
      End: [row, last],
    };
    const place = to[event.key];
    if (!place) return;
    event.preventDefault();
    const [r, c] = place.map((at) => Math.max(0, Math.min(last, at))) as [number, number];
    this.#cells[r]![c]!.node.focus();
  }

  /** A cell has the focus: Tab comes back to it. */
  #stand(row: number, column: number): void {
    const [before, beside] = this.#place;
    this.#cells[before]![beside]!.node.tabIndex = -1;
    this.#cells[row]![column]!.node.tabIndex = 0;
    this.#place = [row, column];
  }
}

/** The classes with most errors, of their own or taken for them, in their order. */
function mostWrong(
  { confusion }: ClassPredictions,
  { totals }: ClassRates,
  classes: number,
): number[] {
  const wrong = Array.from(totals, (total, k) => {
    let said = 0;
    for (let row = 0; row < classes; row++) said += confusion[row * classes + k]!;
    return total + said - 2 * confusion[k * classes + k]!;
  });
  const all = [...wrong.keys()].sort((a, b) => wrong[b]! - wrong[a]! || a - b);
  return all.slice(0, MOST).sort((a, b) => a - b);
}

/** Blue where right, red where wrong; the root lets rare errors be seen. */
function color({ node, share, label, predicted }: Drawn, theme: Theme): void {
  const { background, foreground, train, error } = theme;
  const hue = label === predicted ? train : error;
  const fill = mix(background, hue, FULL * Math.sqrt(share || 0));
  const inks: Color[] = [foreground, [0, 0, 0], [255, 255, 255]];
  // Black or white always is clear enough.
  const ink = inks.find((ink) => contrast(ink, fill) >= CONTRAST)!;
  node.style.background = css(fill);
  node.style.color = css(ink);
}
