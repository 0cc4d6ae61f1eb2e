import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, count, exact } from '../format.ts';
import type { Theme } from '../theme.ts';
import { Bars, className } from './bars.ts';
import { exportablePicture, Picture } from './picture.ts';
import { exampleName, type Subject } from './section.ts';
import { inputTable, verdictTable } from './tables.ts';

/** A row with more features than this is not written out. */
const WRITTEN = 10;

/** The chosen example and what the network says of it. */
export class ExampleCard {
  readonly element: HTMLElement;
  readonly #title = element('h2');
  readonly #facts = element('p', { class: 'said' });
  readonly #row = element('p', { class: 'dim' });
  readonly #picture = new Picture(160);
  readonly #bars = new Bars('What does the network say?', 10);
  readonly #values = element('table', { class: 'numbers-of' });
  #shown: { subject: Subject; name: string } | null = null;
  #theme: Theme;

  constructor(theme: Theme) {
    this.#theme = theme;
    this.element = element('div', { class: 'card' });
    const button = exportButton(this.element, 'the example', () => this.#exportable());
    const head = element('div', { class: 'titled' }, this.#title, button);
    this.element.append(
      this.#picture.element,
      element('div', {}, head, this.#facts, this.#row, this.#bars.element, this.#values),
    );
  }

  show(subject: Subject, theme: Theme): void {
    this.#theme = theme;
    const { facts, example, answer } = subject;
    const { inputShape: shape, range } = facts;
    const name = exampleName(example);
    this.#shown = { subject, name };
    setText(this.#title, name.charAt(0).toUpperCase() + name.slice(1));
    const look =
      shape.length === 3 ? ({ as: 'image', range } as const) : ({ as: 'signed' } as const);
    this.#picture.show({ values: answer.input, shape, look, label: name }, theme);
    setText(this.#row, shape.length === 3 ? '' : rowText(answer.input));
    setText(this.#facts, saidOf(subject));
    const isClass = facts.task === 'classification';
    this.#bars.element.hidden = !isClass;
    this.#values.hidden = isClass;
    if (isClass) this.#bars.show(facts, answer, answer.label);
    else this.#showValues(subject);
  }

  /** The example, with what the network says of it. */
  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { name, subject } = this.#shown;
    const { facts, answer } = subject;
    const { outputs, targets, label } = answer;
    return {
      name,
      table: () =>
        targets
          ? inputTable(name, [outputs.length], { true: targets, predicted: outputs })
          : verdictTable(name, facts, answer, label),
      picture: exportablePicture(name, [['', this.#picture]], this.#theme),
    };
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#picture.paint(theme);
  }

  #showValues({ answer: { outputs, targets } }: Subject): void {
    const heads = ['value', 'true', 'predicted', 'error'];
    const rows = Array.from(outputs, (output, i) => {
      const target = targets?.[i] ?? Number.NaN;
      return element(
        'tr',
        {},
        element('th', { scope: 'row', text: String(i + 1) }),
        ...[target, output, output - target].map((x) => element('td', { text: exact(x) })),
      );
    });
    this.#values.replaceChildren(
      element('tr', {}, ...heads.map((text) => element('th', { scope: 'col', text }))),
      ...rows,
    );
  }
}

/** The first values of a row. */
export function firstOf(values: Float32Array, most: number): string {
  const some = Array.from(values.subarray(0, most), brief).join(', ');
  return values.length > most ? `${some}, …` : some;
}

/** True class, verdict and loss. */
function saidOf({ facts, answer: { label, predicted, loss } }: Subject): string {
  if (label === null) return `loss ${exact(loss)}`;
  const verdict =
    predicted === -1
      ? 'the network gives NaN'
      : predicted === label
        ? 'predicted right'
        : `predicted ${className(facts, predicted!)}: wrong`;
  return `true class ${className(facts, label)} · ${verdict} · loss ${exact(loss)}`;
}

function rowText(values: Float32Array): string {
  const some = firstOf(values, WRITTEN);
  return values.length > WRITTEN ? `${count(values.length)} features: ${some}` : some;
}
