import { css } from './color.ts';
import { otherStyle } from './curves/lines.ts';
import { element, Swatch, setAttribute, setText } from './dom.ts';
import { brief, count, quality, rate } from './format.ts';
import { type Model, type Run, runIds } from './store.ts';
import type { Theme } from './theme.ts';
import { type CheckboxElement, createCheckbox } from './toolkit.ts';

interface Actions {
  show(run: string, shown: boolean): void;
  focus(run: string): void;
}

const COLUMNS = ['run', 'state', 'epoch', 'validation', 'loss', 'rate'] as const;

/** One run: whether its curves are shown, how they are drawn, its numbers to compare by eye. */
class Row {
  readonly element = element('tr');
  readonly #box: CheckboxElement;
  readonly #swatch = new Swatch();
  readonly #name = element('button', { type: 'button', class: 'name' });
  readonly #cells = COLUMNS.slice(1).map(() => element('td'));

  constructor(id: string, { show, focus }: Actions) {
    this.#box = createCheckbox('');
    this.#box.addEventListener('change', () => show(id, this.#box.checked));
    this.#name.addEventListener('click', () => focus(id));
    this.element.append(
      element('td', { class: 'show' }, this.#box),
      element('th', { scope: 'row' }, this.#swatch.element, this.#name),
      ...this.#cells,
    );
  }

  update({ header, numbers }: Run, model: Model, theme: Theme): void {
    const focused = header.id === model.focus;
    const plain = { color: theme.train, width: 1.8, dash: [] };
    const { color, width, dash } = focused ? plain : otherStyle(model, header.id, theme);
    this.#swatch.set({ color: css(color), width, dash });
    this.#box.checked = !model.settings.hidden.includes(header.id);
    setAttribute(this.#box, 'aria-label', `Show ${header.name}`);
    setText(this.#name, header.name);
    setAttribute(this.#name, 'aria-pressed', String(focused));
    setAttribute(this.#name, 'title', focused ? 'Shown in color' : 'Show in color');
    this.element.classList.toggle('focused', focused);
    const text = (value: number, format: (value: number) => string) =>
      Number.isNaN(value) ? '–' : format(value);
    const texts = [
      header.state,
      text(numbers.epoch, (epoch) => count(Math.floor(epoch))),
      text(numbers.validationQuality, quality),
      header.state === 'diverged' ? brief(numbers.loss) : text(numbers.loss, brief),
      text(numbers.learningRate, rate),
    ];
    texts.forEach((value, i) => {
      setText(this.#cells[i]!, value);
    });
  }
}

/** The runs on the graphs, newest first; there is no list of one. */
export class RunList {
  readonly element: HTMLElement;
  readonly #body = element('tbody');
  readonly #rows = new Map<string, Row>();
  readonly #actions: Actions;

  constructor(actions: Actions) {
    this.#actions = actions;
    const heads = COLUMNS.map((text) => element('th', { scope: 'col', text }));
    const show = element('td');
    this.element = element(
      'section',
      { class: 'runs', 'aria-label': 'Runs' },
      element('h2', { text: 'Runs' }),
      element('table', {}, element('thead', {}, element('tr', {}, show, ...heads)), this.#body),
    );
  }

  update(model: Model, theme: Theme): void {
    const ids = runIds(model);
    this.element.hidden = ids.length < 2;
    for (const id of this.#rows.keys()) if (!model.runs.has(id)) this.#rows.delete(id);
    for (const id of ids) {
      if (!this.#rows.has(id)) this.#rows.set(id, new Row(id, this.#actions));
    }
    const rows = ids.map((id) => this.#rows.get(id)!);
    const present = this.#body.children;
    if (rows.length !== present.length || rows.some((row, i) => present[i] !== row.element)) {
      this.#body.replaceChildren(...rows.map((row) => row.element));
    }
    // only now: a checkbox of the toolkit forgets its label when it is attached
    rows.forEach((row, i) => {
      row.update(model.runs.get(ids[i]!)!, model, theme);
    });
  }
}
