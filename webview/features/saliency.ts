import { Choices } from '../choices.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, exact } from '../format.ts';
import type { Answers } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { className } from './bars.ts';
import { exportablePicture, meanOfChannels, Picture } from './picture.ts';
import { exampleName, type Section, type Subject, type Tools } from './section.ts';
import { Select } from './select.ts';
import { inputTable } from './tables.ts';
import { Work } from './work.ts';

/** Smilkov et al. 2017: 50 copies do, with noise of 10 to 20 % of the range. */
const SMOOTH = { samples: 50, noise: 0.15 };
const HOW = ['gradient', 'SmoothGrad'] as const;
type How = (typeof HOW)[number];
/** Features of a row that are listed. */
const LISTED = 10;

/** Where the score of a class depends most on the input. */
export class Saliency implements Section {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #output = new Select('score of', () => void this.#ask());
  readonly #how: Choices<How>;
  readonly #work = new Work('Computing gradients');
  readonly #words = element('p', { class: 'said' });
  readonly #input = new Picture(190, 'the example');
  readonly #map = new Picture(190, 'how much each place counts');
  readonly #gradient = new Picture(190, 'in which direction');
  readonly #features = element('table', { class: 'numbers-of' });
  #chosenHow: How = 'gradient';
  #subject: Subject | null = null;
  #shown: { subject: Subject; answer: Answers['saliency'] } | null = null;
  #theme: Theme;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#how = new Choices(
      { title: '', label: 'Kind of gradient', name: 'saliency' },
      HOW,
      (how) => {
        this.#chosenHow = how;
        void this.#ask();
      },
    );
    this.#how.update(this.#chosenHow);
    this.element = element('div', { class: 'saliency' });
    const button = exportButton(this.element, 'saliency', () => this.#exportable());
    this.element.append(
      element('div', { class: 'tools' }, this.#output.element, this.#how.element, button),
      this.#work.element,
      this.#words,
      element(
        'div',
        { class: 'pictures' },
        ...[this.#input, this.#map, this.#gradient].map((picture) => picture.element),
      ),
      this.#features,
    );
  }

  show(subject: Subject): void {
    this.#subject = subject;
    const { facts } = subject;
    const names = Array.from({ length: facts.outputs }, (_, k) =>
      facts.classes ? className(facts, k) : `value ${k + 1}`,
    );
    this.#output.offer([
      ...(facts.classes ? [['', 'the predicted class'] as const] : []),
      ...names.map((name, k) => [String(k), name] as const),
    ]);
    void this.#ask();
  }

  hide(): void {
    this.#work.stop();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const picture of [this.#input, this.#map, this.#gradient]) picture.paint(theme);
  }

  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { subject, answer } = this.#shown;
    const { facts, example } = subject;
    const { output, gradient, map } = answer;
    const of = facts.classes ? className(facts, output) : `value ${output + 1}`;
    const name = `saliency of ${of} for ${exampleName(example)}`;
    const channels = gradient.length / map.length;
    const place = gradient.map((_, i) => map[Math.floor(i / channels)]!);
    const pictures = [
      ['the example', this.#input],
      ['how much each place counts', this.#map],
      ['in which direction', this.#gradient],
    ] as const;
    return {
      name,
      table: () => inputTable(name, facts.inputShape, { saliency: place, gradient }),
      picture: exportablePicture(name, pictures, this.#theme),
    };
  }

  async #ask(): Promise<void> {
    const { value } = this.#output;
    const { example } = this.#subject!;
    const output = value === '' ? null : Number(value);
    const smooth = this.#chosenHow === 'SmoothGrad' ? SMOOTH : null;
    const found = await this.#work.run((options) =>
      this.#tools.ask({ type: 'saliency', example, output, smooth }, options),
    );
    if (found) this.#draw(found);
  }

  #draw(found: Answers['saliency']): void {
    const { output, score, gradient, map } = found;
    this.#shown = { subject: this.#subject!, answer: found };
    const { facts, answer } = this.#subject!;
    const { inputShape: shape, range } = facts;
    const theme = this.#theme;
    const name = facts.classes
      ? `The score of ${className(facts, output)}`
      : `Output ${output + 1} of the network`;
    const isImage = shape.length === 3;
    const place = map.reduce((most, value, i) => (value > map[most]! ? i : most), 0);
    const where = isImage
      ? `row ${Math.floor(place / shape[1]!) + 1}, column ${(place % shape[1]!) + 1}`
      : `feature ${place + 1}`;
    setText(
      this.#words,
      map.every(Number.isFinite)
        ? `${name} is ${exact(score)}. It depends most on ${where}: ${brief(map[place]!)} a unit of the data.`
        : `${name} is ${exact(score)}, and its gradient is not finite: there is nothing to compare. Training has diverged.`,
    );
    const image = { as: 'image', range } as const;
    this.#input.show(
      isImage ? { values: answer.input, shape, look: image, label: 'The example' } : null,
      theme,
    );
    const strength = { as: 'strength' } as const;
    const mapShape = isImage ? [shape[0]!, shape[1]!] : shape;
    this.#map.show(
      { values: map, shape: mapShape, look: strength, label: 'Saliency' },
      theme,
      `how much each ${isImage ? 'place' : 'feature'} counts: up to ${brief(map[place]!)}`,
    );
    const mean = isImage ? meanOfChannels(gradient, shape[2]!) : gradient;
    this.#gradient.show(
      {
        values: mean,
        shape: mapShape,
        look: { as: 'signed' },
        label: 'Gradient',
      },
      theme,
      'blue raises the score, orange lowers it',
    );
    this.#list(isImage ? null : gradient);
  }

  /** The features of a row that count most. */
  #list(gradient: Float32Array | null): void {
    this.#features.hidden = !gradient;
    if (!gradient) return;
    const order = Array.from(gradient, (_, i) => i)
      .sort((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!) || a - b)
      .slice(0, LISTED);
    const rows = order.map((i) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', text: `feature ${i + 1}` }),
        element('td', { text: exact(gradient[i]!) }),
      ),
    );
    this.#features.replaceChildren(element('caption', { text: 'Slope of the score' }), ...rows);
  }
}
