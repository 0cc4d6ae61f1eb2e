import { Choices } from '../choices.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import type { Exportable } from '../export/exportable.ts';
import { brief, exact } from '../format.ts';
import type { Answers } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { unitName } from './layer-maps.ts';
import { Patches } from './patches.ts';
import { exportablePicture, meanOfChannels, Picture } from './picture.ts';
import { exampleName, type Subject, type Tools } from './section.ts';
import { inputTable } from './tables.ts';
import { Work } from './work.ts';

const RULES = ['guided', 'deconvolution', 'gradient'] as const;
type Rule = (typeof RULES)[number];

/** One unit: what of the example it reacts to, and what excites it most. */
export class UnitDetail {
  readonly element: HTMLElement;
  readonly #tools: Tools;
  readonly #title = element('h3');
  readonly #refusal = element('p', { class: 'refusal' });
  readonly #words = element('p', { class: 'said' });
  readonly #rules: Choices<Rule>;
  readonly #work = new Work('Computing the gradient of the unit');
  readonly #input = new Picture(150, 'what it sees of the example');
  readonly #gradient = new Picture(150);
  readonly #patches: Patches;
  #rule: Rule = 'guided';
  #theme: Theme;
  #subject: Subject | null = null;
  #place: { layer: number; unit: number } | null = null;
  /** What is drawn, and what it is called. */
  #shown: { name: string; subject: Subject; gradient: Float32Array } | null = null;

  constructor(tools: Tools, theme: Theme) {
    this.#tools = tools;
    this.#theme = theme;
    this.#patches = new Patches(tools, theme);
    this.#rules = new Choices(
      { title: 'relus pass', label: 'How gradients pass a relu', name: 'rectification' },
      RULES,
      (rule) => {
        this.#rule = rule;
        void this.#ask();
      },
    );
    this.#rules.update(this.#rule);
    const own = element(
      'div',
      {},
      element('div', { class: 'tools' }, this.#rules.element),
      this.#work.element,
      this.#refusal,
      this.#words,
      element('div', { class: 'pictures' }, this.#input.element, this.#gradient.element),
    );
    const button = exportButton(own, 'what the unit reacts to', () => this.#exportable());
    this.element = element(
      'div',
      { class: 'unit-detail' },
      element('div', { class: 'titled' }, this.#title, button),
      element('div', { class: 'two' }, own, this.#patches.element),
    );
  }

  isOf(layer: number, unit: number): boolean {
    return this.#place?.layer === layer && this.#place.unit === unit;
  }

  open(layer: number, unit: number): void {
    this.#place = { layer, unit };
    this.#shown = null;
    const facts = this.#subject!.facts;
    const { label } = facts.layers[layer]!;
    setText(this.#title, `What does ${unitName(facts.layers[layer]!, unit)} of ${label} react to?`);
    void this.#ask();
    this.#patches.show(this.#subject!, layer, unit);
  }

  /** The example, and what of it changes the unit. */
  #exportable(): Exportable | null {
    if (!this.#shown) return null;
    const { name, subject, gradient } = this.#shown;
    const { facts, answer } = subject;
    const pictures = [
      ['the example', this.#input],
      ['gradient of the unit', this.#gradient],
    ] as const;
    return {
      name,
      table: () => inputTable(name, facts.inputShape, { example: answer.input, gradient }),
      picture: exportablePicture(name, pictures, this.#theme),
    };
  }

  close(): void {
    this.hide();
    this.#shown = null;
    this.#place = null;
    this.element.remove();
  }

  show(subject: Subject): void {
    this.#subject = subject;
    if (!this.#place) return;
    void this.#ask();
    this.#patches.show(subject, this.#place.layer, this.#place.unit);
  }

  hide(): void {
    this.#work.stop();
    this.#patches.hide();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    for (const picture of [this.#input, this.#gradient]) picture.paint(theme);
    this.#patches.paint(theme);
  }

  async #ask(): Promise<void> {
    const { facts, example } = this.#subject!;
    const refusal = facts.refused.unit;
    this.#refusal.hidden = refusal === undefined;
    setText(this.#refusal, refusal ?? '');
    if (refusal !== undefined || !this.#place) return;
    const query = { type: 'unit', example, ...this.#place, rule: this.#rule } as const;
    const subject = this.#subject!;
    const { layer, unit } = this.#place;
    const found = await this.#work.run((options) => this.#tools.ask(query, options));
    if (!found) return;
    const { label } = facts.layers[layer]!;
    const own = `${unitName(facts.layers[layer]!, unit)} of ${label}`;
    const name = `${own} for ${exampleName(example)}, ${query.rule}`;
    this.#shown = { name, subject, gradient: found.gradient };
    this.#draw(found);
  }

  #draw({ value, place, box, gradient }: Answers['unit']): void {
    const { facts, answer } = this.#subject!;
    const { inputShape: shape, range } = facts;
    const isImage = shape.length === 3;
    const most = place
      ? `at most ${exact(value)} at row ${place.row + 1}, column ${place.column + 1}`
      : exact(value);
    const seen = isImage
      ? ` It sees ${box.height} × ${box.width} pixels, from row ${box.top + 1}, column ${box.left + 1}.`
      : '';
    const flat = gradient.every((slope) => slope === 0)
      ? ' No pixel changes it: the gradient is 0 everywhere.'
      : '';
    setText(this.#words, `In this example it is ${most}.${seen}${flat}`);
    const image = { as: 'image', range } as const;
    this.#input.show(
      isImage ? { values: answer.input, shape, look: image, label: 'The example' } : null,
      this.#theme,
    );
    this.#input.frame(isImage ? box : null);
    const channels = isImage ? shape[2]! : 1;
    const values = channels === 1 ? gradient : meanOfChannels(gradient, channels);
    this.#gradient.show(
      {
        values,
        shape: isImage ? [shape[0]!, shape[1]!] : shape,
        look: { as: 'signed' },
        label: 'Gradient of the unit',
      },
      this.#theme,
      `blue raises it, orange lowers it: up to ${brief(Math.max(...values.map(Math.abs)))}`,
    );
  }
}
