import { element } from '../dom.ts';
import type { Answers, ExampleId, ExplorerFacts, Part } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { ExampleCard } from './card.ts';
import type { Ask, AskOptions } from './client.ts';
import { ExampleList } from './examples.ts';
import { type Subject, sameExample } from './section.ts';
import { SectionTabs } from './section-tabs.ts';
import { type Cell, type FeaturesChoice, FIRST_CHOICE } from './state.ts';
import { Work } from './work.ts';

/** One network that is asked: the examples, the chosen one, and the sections about it. */
export class Explored {
  readonly element: HTMLElement;
  readonly #facts: ExplorerFacts;
  readonly #ask: Ask;
  readonly #list: ExampleList;
  readonly #card: ExampleCard;
  readonly #work = new Work('Looking at the example');
  readonly #sections: SectionTabs;
  readonly #predictions = new Map<Part, Answers['predictions']>();
  #theme: Theme;
  /** What is shown, or will be; null: nothing is. */
  #choice: FeaturesChoice | null = null;
  #subject: Subject | null = null;

  constructor(
    facts: ExplorerFacts,
    ask: Ask,
    theme: Theme,
    changed: (choice: Partial<FeaturesChoice>) => void,
  ) {
    this.#facts = facts;
    this.#ask = ask;
    this.#theme = theme;
    this.#card = new ExampleCard(theme);
    const tools = {
      ask,
      predictions: (part: Part, options: AskOptions) => this.#predict(part, options),
      choose: ({ part, index }: ExampleId) => changed({ part, index, list: 'all' }),
      list: (part: Part, cell: Cell) => changed({ part, cell, list: 'cell' }),
    };
    const choice: FeaturesChoice = { ...FIRST_CHOICE, part: 'train' };
    this.#list = new ExampleList(facts, tools, { choice, theme }, changed);
    this.#sections = new SectionTabs(facts, tools, (section) => changed({ section }));
    this.element = element(
      'div',
      { class: 'explored' },
      this.#list.element,
      element('div', {}, this.#work.element, this.#card.element, this.#sections.element),
    );
    this.#card.element.hidden = this.#sections.element.hidden = true;
  }

  show(wanted: FeaturesChoice): void {
    const choice = this.#within(wanted);
    const before = this.#choice;
    if (before && JSON.stringify(before) === JSON.stringify(choice)) return;
    this.#choice = choice;
    void this.#list.show(choice);
    if (this.#subject && sameExample(this.#subject.example, choice))
      this.#sections.show(choice.section, this.#subject, this.#theme);
    else void this.#look(choice);
  }

  /** Nothing of it is seen any more: what is computed ends. */
  hide(): void {
    if (!this.#choice) return;
    this.#choice = null;
    this.#list.hide();
    this.#work.stop();
    this.#sections.hide();
  }

  paint(theme: Theme): void {
    this.#theme = theme;
    this.#list.paint(theme);
    this.#card.paint(theme);
    this.#sections.paint(theme);
  }

  async #look({ part, index }: FeaturesChoice): Promise<void> {
    const example = { part, index };
    const answer = await this.#work.run((options) =>
      this.#ask({ type: 'example', example }, options),
    );
    if (!answer || !this.#choice) return;
    this.#subject = { facts: this.#facts, example, answer };
    this.#card.element.hidden = this.#sections.element.hidden = false;
    this.#card.show(this.#subject, this.#theme);
    this.#sections.show(this.#choice.section, this.#subject, this.#theme);
  }

  async #predict(part: Part, options: AskOptions): Promise<Answers['predictions']> {
    const known = this.#predictions.get(part);
    if (known) return known;
    const found = await this.#ask({ type: 'predictions', part }, options);
    this.#predictions.set(part, found);
    return found;
  }

  /** What was chosen with another run need not be there. */
  #within(choice: FeaturesChoice): FeaturesChoice {
    const { examples, classes } = this.#facts;
    const part = examples[choice.part] > 0 ? choice.part : 'train';
    const isThere = (k: number) => classes !== null && k < classes.length;
    const { label, predicted } = choice.cell ?? { label: 0, predicted: 0 };
    const cell = isThere(label) && isThere(predicted) ? choice.cell : null;
    return { ...choice, part, cell, index: choice.index < examples[part] ? choice.index : 0 };
  }
}
