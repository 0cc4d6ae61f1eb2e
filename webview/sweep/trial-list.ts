import { css } from '../color.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { brief, count, quality } from '../format.ts';
import type { Theme } from '../theme.ts';
import { type ButtonElement, createButton } from '../toolkit.ts';
import { levelOf, rankColors } from './colors.ts';
import { keyName, valueText } from './keys.ts';
import { type SweepModel, type Trial, trialName } from './model.ts';
import { trialLines } from './readout.ts';
import { trialTable } from './tables.ts';

/** So many of the best are listed at first, and more when they are asked for. */
const LISTED = 20;
const MORE = 100;

export interface TrialActions {
  picked(place: number): void;
  pointed(place: number | null): void;
  pinned(place: number): void;
  use(place: number): void;
  goOn(place: number): void;
  compare(places: number[]): void;
}

/** The trials, the best first; those that are pinned stand above them. And what can be done with one of them. */
export class TrialList {
  readonly element = element('section', { class: 'trial-list', 'aria-label': 'List of trials' });
  readonly #actions: TrialActions;
  readonly #name = element('b');
  readonly #values = element('span', { class: 'values' });
  readonly #use: ButtonElement;
  readonly #goOn: ButtonElement;
  readonly #compare: ButtonElement;
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #more = element('button', { type: 'button', class: 'choice' });
  #model: SweepModel | null = null;
  #theme: Theme | null = null;
  #listed = LISTED;
  #drawn = '';

  constructor(actions: TrialActions) {
    this.#actions = actions;
    const act = (text: string, secondary: boolean, tip: string, does: () => void) => {
      const button = createButton(text, secondary);
      button.title = tip;
      button.addEventListener('click', does);
      return button;
    };
    const current = () => this.#model?.current?.place ?? -1;
    this.#use = act(
      'Use these values',
      false,
      'Write the values of this trial into the config',
      () => actions.use(current()),
    );
    this.#goOn = act(
      'Continue this trial',
      true,
      'Train it on, for as many epochs as the config has',
      () => actions.goOn(current()),
    );
    this.#compare = act('Compare', true, 'Show these runs in the dashboard', () =>
      actions.compare(this.#compared()),
    );
    this.#more.addEventListener('click', () => {
      this.#listed += MORE;
      this.#drawn = '';
      if (this.#model && this.#theme) this.draw(this.#model, this.#theme);
    });
    const title = element('h2', { text: 'Trials, the best first' });
    const button = exportButton(this.element, 'the list of trials', () =>
      this.#model
        ? { name: 'Trials', table: () => trialTable('Trials', this.#model!), picture: null }
        : null,
    );
    this.element.append(
      element(
        'div',
        { class: 'chosen', role: 'group', 'aria-label': 'The chosen trial' },
        element('span', { class: 'which' }, this.#name, this.#values),
        element('span', { class: 'does' }, this.#use, this.#goOn, this.#compare),
      ),
      element('figcaption', {}, title, button),
      element(
        'div',
        { class: 'wide' },
        element('table', {}, element('thead', {}, this.#head), this.#body),
      ),
      this.#more,
    );
    this.#body.addEventListener('pointerover', (event) => this.#pointed(event));
    this.#body.addEventListener('pointerleave', () => actions.pointed(null));
  }

  draw(model: SweepModel, theme: Theme): void {
    this.#model = model;
    this.#theme = theme;
    const facts = model.facts!;
    this.element.hidden = model.trials.length === 0;
    this.#choose(model);
    const within = model.ranked.filter((trial) => model.isWithin(trial));
    const pinned = model.pinned.flatMap((place) => model.trials[place] ?? []);
    const rest = within.filter(({ place }) => !model.pinned.includes(place));
    const listed = [...pinned, ...rest.slice(0, this.#listed)];
    const left = rest.length - this.#listed;
    this.#more.hidden = left <= 0;
    setText(this.#more, `${count(Math.min(left, MORE))} more of ${count(within.length)}`);
    const current = model.current?.place;
    // Drawn anew it would take the focus from its buttons.
    const state = JSON.stringify([
      current,
      model.pinned,
      facts.keys,
      theme.background,
      listed.map(({ place, score, loss, epoch, phase, rank }) => [
        place,
        score,
        loss,
        epoch,
        phase,
        rank,
      ]),
    ]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    const focused = this.#focused();
    const heads = [
      '',
      'trial',
      facts.quality,
      'loss',
      ...facts.keys.map(({ key }) => keyName(key, facts.keys)),
      'stage',
      'epochs',
      'state',
    ];
    this.#head.replaceChildren(
      ...heads.map((text) => element('th', { scope: 'col', text: text || ' ' })),
    );
    const colors = rankColors(theme);
    this.#body.replaceChildren(
      ...listed.map((trial) =>
        this.#row(
          trial,
          Number.isNaN(trial.rank) ? css(theme.other) : css(colors[levelOf(trial.rank)]!),
        ),
      ),
    );
    if (focused) this.#body.querySelector<HTMLElement>(focused)?.focus();
  }

  #choose(model: SweepModel): void {
    const { current, facts } = model;
    const lines = current ? trialLines(current, facts!) : [];
    const best = current && facts!.best?.place === current.place ? ', the best' : '';
    setText(this.#name, current ? `${trialName(current)}${best}` : '');
    this.#name.classList.toggle('first', Boolean(current));
    const values = lines.map(([name, value]) =>
      element('span', {}, element('span', { class: 'unit', text: `${name} ` }), value),
    );
    this.#values.replaceChildren(...values);
    this.#use.disabled = !current;
    this.#goOn.disabled = !current || current.phase === 'failed' || current.phase === 'running';
    const compared = this.#compared().length;
    this.#compare.hidden = !current;
    setText(this.#compare, compared > 1 ? `Compare ${compared} runs` : 'Open its run');
  }

  #compared(): number[] {
    const { pinned = [], current } = this.#model ?? {};
    return pinned.length > 0 ? [...pinned] : current ? [current.place] : [];
  }

  #row(trial: Trial, color: string): HTMLElement {
    const { facts, pinned, current } = this.#model!;
    const { place, score, loss, stage, epoch, epochs, phase, message, values, repeats } = trial;
    const isPinned = pinned.includes(place);
    const pin = element('button', {
      type: 'button',
      class: 'pin',
      'aria-pressed': String(isPinned),
      'aria-label': `Pin ${trialName(trial)}`,
      text: isPinned ? '★' : '☆',
      title: isPinned ? 'Pinned, to be compared' : 'Pin, to compare it',
    });
    pin.addEventListener('click', () => this.#actions.pinned(place));
    const dot = element('span', { class: 'rank' });
    dot.style.background = color;
    const name = element('button', {
      type: 'button',
      class: 'name',
      text: String(place + 1),
      'aria-label': `Choose ${trialName(trial)}`,
      'aria-pressed': String(place === current?.place),
    });
    name.addEventListener('click', () => this.#actions.picked(place));
    const cell = (text: string) => element('td', { text });
    const row = element(
      'tr',
      { 'data-place': String(place) },
      element('td', { class: 'pins' }, pin),
      element('th', { scope: 'row' }, dot, name),
      cell(Number.isNaN(score) ? '–' : quality(score)),
      cell(Number.isNaN(loss) ? '–' : brief(loss)),
      ...facts!.keys.map((key, k) => cell(valueText(key, values[k]!))),
      cell(Number.isNaN(repeats) ? String(stage) : `seed of ${repeats}`),
      cell(`${count(epoch)} / ${count(epochs)}`),
      element('td', { text: phase, title: message || undefined }),
    );
    row.classList.toggle('focused', place === current?.place);
    row.classList.toggle('pinned', isPinned);
    return row;
  }

  /** The button in it that has the focus, so that its successor gets it. */
  #focused(): string | null {
    const active = document.activeElement;
    if (!(active instanceof HTMLElement) || !this.#body.contains(active)) return null;
    const place = active.closest('tr')?.dataset.place;
    return `[data-place="${place}"] .${active.className}`;
  }

  #pointed({ target }: PointerEvent): void {
    const place = target instanceof Element ? target.closest('tr')?.dataset.place : undefined;
    this.#actions.pointed(place === undefined ? null : Number(place));
  }
}
