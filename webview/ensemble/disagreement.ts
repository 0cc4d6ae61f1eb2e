import type {
  Disagreement,
  DisputedExample,
  DisputedInputs,
} from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import type { Table } from '../../core/report/chart/table.ts';
import { css } from '../color.ts';
import { element } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { exportablePicture, Picture } from '../features/picture.ts';
import { count, exact, short } from '../format.ts';
import type { Theme } from '../theme.ts';
import { MOST_NAMED, nameOf, numberOf } from './names.ts';
import { axisOf, numbersOf } from './numbers.ts';

const TITLE = 'Where they differ';
/** Of a picture. Pixels. */
const SIDE = 84;
/** A row of more values is a picture too, one pixel high. */
const MOST_WORDS = 8;

/** The examples that members do not agree on: each with what it is, what everyone says of it, and the truth. */
export class DisagreementView {
  readonly element = element('figure', { class: 'panel disagreement' });
  readonly #note = element('span', { class: 'note' });
  readonly #list = element('ul', { class: 'disputed' });
  readonly #key = element('p', {
    class: 'note key',
    text: '● a member   ┃ the truth   ┋ together',
  });
  #pictures: [name: string, picture: Picture][] = [];
  #shown: Disagreement | null = null;
  #inputs: DisputedInputs | null = null;
  #theme: Theme | null = null;

  constructor() {
    const button = exportButton(this.element, TITLE, () => this.#exportable());
    this.element.append(
      element('figcaption', {}, element('h2', { text: TITLE }), this.#note, button),
      this.#list,
      this.#key,
    );
  }

  draw({ disagreement, inputs, finished }: EnsembleState, theme: Theme): void {
    this.#theme = theme;
    this.element.hidden = !disagreement;
    this.element.style.setProperty('--together', css(theme.validation));
    if (!disagreement) return;
    // The inputs come after what is said of them.
    const ready = inputs ?? null;
    if (this.#shown === disagreement && this.#inputs === ready) {
      for (const [, picture] of this.#pictures) picture.paint(theme);
      return;
    }
    if (!ready && !finished) return;
    this.#shown = disagreement;
    this.#inputs = ready;
    this.#pictures = [];
    this.#note.textContent = noteOf(disagreement);
    this.#key.hidden = !(axisOf(disagreement).reach > 0);
    const values = ready && valuesOf(ready);
    const items = disagreement.examples.map((example, i) => {
      const size = values ? values.length / disagreement.examples.length : 0;
      const own = values ? values.subarray(i * size, (i + 1) * size) : null;
      return this.#item(example, disagreement, own, theme);
    });
    this.#list.replaceChildren(...items);
  }

  #item(
    example: DisputedExample,
    disagreement: Disagreement,
    values: Float32Array | null,
    theme: Theme,
  ): HTMLElement {
    const { index, row, label, answer } = example;
    const isRight = Array.isArray(label) ? null : answer === label;
    const told = element(
      'div',
      { class: 'told' },
      element(
        'p',
        { class: 'truth' },
        element('span', { class: 'unit', text: 'truth ' }),
        element('b', { text: words(label) }),
      ),
      element(
        'p',
        { class: isRight === false ? 'wrong' : '' },
        element('span', { class: 'unit', text: 'together ' }),
        example.sd ? spreadText(example) : words(answer),
        isRight === null ? '' : isRight ? ' ✓' : ' ✗',
        isRight === null
          ? ''
          : element('span', { class: 'visually-hidden', text: isRight ? ', right' : ', wrong' }),
      ),
      example.votes
        ? votesOf(example, disagreement)
        : numbersOf(example, disagreement, axisOf(disagreement)),
      element('p', { class: 'note', text: `example ${count(index)} (row ${count(row)})` }),
    );
    return element('li', {}, ...this.#inputOf(example, values, theme), told);
  }

  /** As a picture, or as a row of numbers. */
  #inputOf({ index, label }: DisputedExample, values: Float32Array | null, theme: Theme): Node[] {
    const inputs = this.#inputs;
    if (!values || !inputs) return [];
    const { shape, range } = inputs;
    if (shape.length < 3 && values.length <= MOST_WORDS) {
      const numbers = [...values].map(short).join(', ');
      return [
        element('p', { class: 'inputs', text: numbers, title: [...values].map(exact).join(', ') }),
      ];
    }
    const picture = new Picture(SIDE);
    const name = `validation example ${index}`;
    picture.show({ values, shape, look: { as: 'image', range }, label: name }, theme, '');
    this.#pictures.push([`${index}: ${words(label)}`, picture]);
    return [picture.element];
  }

  #exportable(): Exportable | null {
    const [shown, theme] = [this.#shown, this.#theme];
    if (!shown || !theme || shown.examples.length === 0) return null;
    const pictures = this.#pictures;
    const picture = pictures.length > 0 ? exportablePicture(TITLE, pictures, theme) : null;
    return { name: TITLE, table: () => disagreementTable(shown), picture };
  }
}

function noteOf({ method, members, disputed, examples }: Disagreement): string {
  const who = method === 'monteCarloDropout' ? 'passes' : `members of ${method}`;
  if (examples.length === 0) return `the ${count(members)} ${who} agree on every example`;
  if (disputed === null)
    return `the ${count(examples.length)} examples on which ${count(members)} ${who} lie farthest apart`;
  const what = `the ${count(members)} ${who} do not agree on ${count(disputed)} ${disputed === 1 ? 'example' : 'examples'}`;
  return disputed > examples.length ? `${what}; the ${count(examples.length)} most disputed` : what;
}

/** A line a class: its share as a bar, how many, and who. */
function votesOf(
  { votes, choices, label, answer }: DisputedExample,
  disagreement: Disagreement,
): HTMLElement {
  const { members } = disagreement;
  const one = nameOf(disagreement);
  const named = choices !== null && choices.length <= MOST_NAMED;
  const silent = choices?.filter((choice) => choice === null).length ?? 0;
  const lines: { name: string; count: number; chose: string | null }[] = [
    ...votes!.map(({ class: name, count }) => ({ name, count, chose: name })),
    ...(silent > 0 ? [{ name: 'NaN', count: silent, chose: null }] : []),
  ];
  return element(
    'table',
    { class: 'votes' },
    element('caption', { class: 'visually-hidden', text: 'votes' }),
    element(
      'tbody',
      {},
      ...lines.map(({ name, count: number, chose }) => {
        const bar = element('span');
        bar.style.transform = `scaleX(${number / members})`;
        const who =
          choices?.flatMap((choice, i) => (choice === chose ? [numberOf(disagreement, i)] : [])) ??
          [];
        const people = who.join(', ');
        const line = element(
          'tr',
          { title: `${one} ${people}` },
          element('th', { scope: 'row', text: name }),
          element('td', {}, element('span', { class: 'bar' }, bar)),
          element('td', { class: 'number', text: `×${number}` }),
          element('td', { class: 'who', text: named ? `${one} ${people}` : '' }),
        );
        if (chose === label) line.classList.add('is-truth');
        if (chose === answer) line.classList.add('is-answer');
        return line;
      }),
    ),
  );
}

/** Together ± one standard deviation, target after target. */
function spreadText({ answer, sd }: DisputedExample): string {
  const means = Array.isArray(answer) ? answer : [];
  return means.map((mean, k) => `${short(mean)} ± ${short(sd?.[k] ?? Number.NaN)}`).join(', ');
}

function words(value: string | number[] | null): string {
  if (value === null) return 'nothing';
  return Array.isArray(value) ? value.map(short).join(', ') : String(value);
}

/** [examples × values] */
function valuesOf({ values }: DisputedInputs): Float32Array {
  const bytes = Uint8Array.from(atob(values), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

export function disagreementTable(disagreement: Disagreement): Table {
  const { members, examples } = disagreement;
  const isVoted = examples.some(({ votes }) => votes);
  const name = (_: unknown, i: number) => `${nameOf(disagreement)} ${numberOf(disagreement, i)}`;
  const isSaid = examples.some(({ said }) => said);
  const each = isVoted || isSaid ? Array.from({ length: members }, name) : [];
  const own = ({ choices, said }: DisputedExample) =>
    each.map((_, i) => (said ? words(said[i] ?? null) : (choices?.[i] ?? null)));
  return {
    title: TITLE,
    columns: ['example', 'row', 'truth', 'together', ...each, ...(isVoted ? [] : ['sd'])],
    rows: examples.map((example) => [
      example.index,
      example.row,
      words(example.label),
      words(example.answer),
      ...own(example),
      ...(isVoted ? [] : [words(example.sd)]),
    ]),
    digest: null,
  };
}
