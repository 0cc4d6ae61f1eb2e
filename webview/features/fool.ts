import { Choices } from '../choices.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, exact } from '../format.ts';
import type { Answers } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { Bars, className } from './bars.ts';
import { exportablePicture, Picture } from './picture.ts';
import { exampleName, type Section, type Subject, type Tools } from './section.ts';
import { Select } from './select.ts';
import { inputTable } from './tables.ts';
import { Work } from './work.ts';

const HOW = ['one step', 'many small steps'] as const;
type How = (typeof HOW)[number];
/** FGSM, and its iterated form. */
const STEPS: { [H in How]: number } = { 'one step': 1, 'many small steps': 20 };
/** The slider goes from 2⁻¹⁰ of the range to all of it, ten places for a factor of two. */
const PLACES = 100;
const shareAt = (place: number) => 2 ** ((place - PLACES) / 10);
const placeOf = (share: number) => Math.round(PLACES + 10 * Math.log2(share));

/** Changes an example as little as possible, so that the network takes it for another class. */
export class Fool implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #target = new Select('take it for', () => void this.#ask());
  readonly #how: Choices<How>;
  readonly #slider = element('input', { type: 'range', min: '0', max: String(PLACES), step: '1' });
  readonly #amount = element('output', { class: 'value' });
  readonly #smallest = element('button', {
    type: 'button',
    class: 'action',
    text: 'Find the smallest step that changes the class',
  });
  readonly #work = new Work('Looking for the change');
  readonly #words = element('p', { class: 'said', role: 'status' });
  readonly #before = new Picture(180, 'before');
  readonly #after = new Picture(180, 'after');
  readonly #difference = new Picture(180);
  readonly #barsBefore = new Bars('before', 5);
  readonly #barsAfter = new Bars('after', 5);
  readonly #result: HTMLElement;
  #chosenHow: How = 'one step';
  #subject: Subject | null = null;
  #shown: { subject: Subject; answer: Answers['fool'] } | null = null;
  #theme: Theme;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#how = new Choices({ title: '', label: 'Kind of change', name: 'fool' }, HOW, (how) => {
      this.#chosenHow = how;
      void this.#ask();
    });
    this.#how.update(this.#chosenHow);
    this.#slider.value = String(placeOf(1 / 16));
    this.#slider.addEventListener('input', () => void this.#ask());
    this.#smallest.addEventListener('click', () => void this.#ask(true));
    const amount = element(
      'label',
      { class: 'scrubber' },
      'largest change ε',
      this.#slider,
      this.#amount,
    );
    this.#result = element(
      'div',
      {},
      element(
        'div',
        { class: 'pictures' },
        ...[this.#before, this.#after, this.#difference].map((picture) => picture.element),
      ),
      element('div', { class: 'pictures' }, this.#barsBefore.element, this.#barsAfter.element),
    );
    this.element = element('div', { class: 'fool' });
    const button = exportButton(this.element, 'the change', () => this.#exportable());
    const choices = [this.#target.element, this.#how.element, this.#smallest, button];
    this.element.append(
      element('div', { class: 'tools' }, ...choices),
      element('div', { class: 'tools' }, amount),
      this.#work.element,
      this.#words,
      this.#result,
    );
  }

  show(subject: Subject): void {
    this.#subject = subject;
    const { facts, answer } = subject;
    this.#target.offer([
      ['', 'any other class'],
      ...Array.from(
        { length: facts.outputs },
        (_, k) => [String(k), className(facts, k)] as const,
      ).filter(([k]) => k !== String(answer.predicted)),
    ]);
    void this.#ask();
  }

  hide(): void {
    this.#work.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const picture of [this.#before, this.#after, this.#difference]) picture.paint(theme);
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { subject, answer } = this.#shown;
    const { facts, example } = subject;
    const [from, to] = [answer.before.predicted!, answer.predicted!].map((k) =>
      className(facts, k),
    );
    const name = `${exampleName(example)} changed`;
    const values = {
      before: subject.answer.input,
      after: answer.input,
      added: answer.difference,
    };
    const pictures = [
      [`before: ${from}`, this.#before],
      [`after: ${to}`, this.#after],
      ['what was added, enlarged', this.#difference],
    ] as const;
    return {
      name,
      table: () => inputTable(name, facts.inputShape, values),
      picture: exportablePicture(name, pictures, this.#theme),
    };
  }

  get #range(): number {
    const { low, high } = this.#subject!.facts.range;
    return high - low;
  }

  async #ask(smallest = false): Promise<void> {
    const { example } = this.#subject!;
    const { value } = this.#target;
    const share = shareAt(Number(this.#slider.value));
    const epsilon = smallest ? 'smallest' : share * this.#range;
    if (!smallest) this.#tellAmount(share * this.#range);
    const query = {
      type: 'fool',
      example,
      epsilon,
      steps: STEPS[this.#chosenHow],
      target: value === '' ? null : Number(value),
    } as const;
    const found = await this.#work.run((options) => this.#tools.ask(query, options));
    this.#result.hidden = !found;
    if (!found) {
      this.#shown = null;
      setText(this.#words, '');
      return;
    }
    if (smallest && found.epsilon !== null) {
      this.#slider.value = String(placeOf(found.epsilon / this.#range));
      this.#tellAmount(found.epsilon);
    }
    this.#draw(found);
  }

  /** In the data's unit, and as a share of their range. */
  #tellAmount(epsilon: number): void {
    const text = this.#amountText(epsilon);
    setText(this.#amount, text);
    setAttribute(this.#slider, 'aria-valuetext', text);
  }

  #amountText(epsilon: number): string {
    const { low, high } = this.#subject!.facts.range;
    const percent = (100 * epsilon) / this.#range;
    return `${brief(epsilon)} (${percent.toPrecision(2)} % of the range ${brief(low)} … ${brief(high)})`;
  }

  #draw(found: Answers['fool']): void {
    this.#shown = { subject: this.#subject!, answer: found };
    const { facts, answer } = this.#subject!;
    const { inputShape: shape, range } = facts;
    const look = { as: 'image', range } as const;
    setText(this.#words, this.#verdict(found));
    this.#before.show({ values: answer.input, shape, look, label: 'Before' }, this.#theme);
    this.#after.show({ values: found.input, shape, look, label: 'After' }, this.#theme);
    const most = found.difference.reduce((size, d) => Math.max(size, Math.abs(d)), 0);
    const isGrey = shape[2] !== 3;
    this.#difference.show(
      {
        values: isGrey ? found.difference : found.difference.map((d) => most + d),
        shape,
        look: isGrey ? { as: 'signed' } : { as: 'image', range: { low: 0, high: 2 * most } },
        label: 'What was added',
      },
      this.#theme,
      `what was added, enlarged: up to ${exact(most)}`,
    );
    this.#barsBefore.show(facts, found.before, answer.label);
    this.#barsAfter.show(facts, found, answer.label);
  }

  #verdict({ fooled, epsilon, predicted, before }: Answers['fool']): string {
    const { facts } = this.#subject!;
    const [from, to] = [className(facts, before.predicted!), className(facts, predicted!)];
    if (epsilon === null) return `Not even the whole range is enough: still taken for ${to}.`;
    if (!fooled) return `Not fooled: taken for ${to} with a change of at most ${exact(epsilon)}.`;
    return `Fooled: ${from} is taken for ${to}, with a change of at most ${this.#amountText(epsilon)} in each value.`;
  }
}
