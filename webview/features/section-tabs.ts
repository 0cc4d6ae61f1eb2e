import { element, setAttribute, setText } from '../dom.ts';
import type { ExplorerFacts } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import type { Section, SectionKind, Subject, Tools } from './section.ts';
import { SECTIONS } from './sections.ts';

/** The sections, one of them before the user's eyes; each is made when it is first chosen. */
export class SectionTabs {
  readonly element: HTMLElement;
  readonly #facts: ExplorerFacts;
  readonly #tools: Tools;
  readonly #buttons = new Map<string, HTMLButtonElement>();
  readonly #question = element('h2');
  readonly #refusal = element('p', { class: 'refusal' });
  readonly #place = element('div');
  readonly #made = new Map<string, Section>();
  #shown: { id: string; subject: Subject } | null = null;

  constructor(facts: ExplorerFacts, tools: Tools, chosen: (id: string) => void) {
    this.#facts = facts;
    this.#tools = tools;
    const list = element('div', {
      class: 'section-tabs',
      role: 'tablist',
      'aria-label': 'Questions',
    });
    for (const [at, { id, title }] of SECTIONS.entries()) {
      const button = element('button', {
        type: 'button',
        role: 'tab',
        id: `section-${id}`,
        'aria-controls': 'section',
        text: title,
      });
      button.addEventListener('click', () => chosen(id));
      button.addEventListener('keydown', (event) => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const to = SECTIONS[(at + step + SECTIONS.length) % SECTIONS.length]!.id;
        chosen(to);
        this.#buttons.get(to)!.focus();
      });
      this.#buttons.set(id, button);
      list.append(button);
    }
    const panel = element(
      'div',
      { id: 'section', role: 'tabpanel' },
      this.#question,
      this.#refusal,
      this.#place,
    );
    this.element = element('div', { class: 'sections' }, list, panel);
  }

  show(id: string, subject: Subject, theme: Theme): void {
    const kind = SECTIONS.find((section) => section.id === id) ?? SECTIONS[0]!;
    if (this.#shown?.id === kind.id && this.#shown.subject === subject) return;
    if (this.#shown && this.#shown.id !== kind.id) this.hide();
    this.#shown = { id: kind.id, subject };
    for (const [name, button] of this.#buttons) {
      setAttribute(button, 'aria-selected', String(name === kind.id));
      button.tabIndex = name === kind.id ? 0 : -1;
    }
    setText(this.#question, kind.question);
    const refusal = this.#facts.refused[kind.needs];
    this.#refusal.hidden = refusal === undefined;
    setText(this.#refusal, refusal ?? '');
    this.#place.replaceChildren();
    if (refusal !== undefined) return;
    const section = this.#section(kind, theme);
    this.#place.append(section.element);
    section.show(subject);
  }

  /** Nothing of it is seen any more. */
  hide(): void {
    if (this.#shown) this.#made.get(this.#shown.id)?.hide();
    this.#shown = null;
  }

  paint(theme: Theme): void {
    if (this.#shown) this.#made.get(this.#shown.id)?.paint(theme);
  }

  #section(kind: SectionKind, theme: Theme): Section {
    const known = this.#made.get(kind.id);
    if (known) {
      known.paint(theme);
      return known;
    }
    const section = kind.create(this.#tools, theme);
    this.#made.set(kind.id, section);
    return section;
  }
}
