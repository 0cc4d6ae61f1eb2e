import type { RangeNow, RangesNow } from '../../core/events/sweep-event.ts';
import { element } from '../dom.ts';
import { count, short } from '../format.ts';
import { createButton, createCheckbox } from '../toolkit.ts';
import { keyName, unitOf } from './keys.ts';
import type { SearchedKey, SweepFacts } from './protocol.ts';

interface Actions {
  /** Whether the sweep is to wait before each next stage. */
  ask(asks: boolean): void;
  /** The stage that waits begins, in these ranges. */
  begin(ranges: RangesNow): void;
}

/** The range of every key in each stage; those of a stage that waits to begin can be changed. */
export class StageRanges {
  readonly element = element('section', { class: 'ranges', 'aria-label': 'Stages' });
  readonly #table = element('table');
  readonly #asks = createCheckbox('Wait before each next stage');
  readonly #asking: HTMLElement;
  readonly #begin = createButton('Begin');
  /** Those of the stage that waits, as they are in the fields. */
  #next: RangesNow = {};
  #isAsking = false;
  #drawn = '';

  constructor(actions: Actions) {
    this.#asks.textContent = 'Wait before each next stage';
    this.#asks.addEventListener('change', () => {
      // The box also reports what was set by script.
      if (this.#asks.checked !== this.#isAsking) actions.ask(this.#asks.checked);
    });
    this.#begin.addEventListener('click', () => actions.begin(this.#next));
    this.#asking = element('p', { class: 'asking' }, this.#asks, this.#begin);
    const title = element('h2', { text: 'Ranges, stage by stage' });
    this.element.append(title, this.#table, this.#asking);
  }

  draw({ stages, keys, next, asks, phase }: SweepFacts): void {
    this.element.hidden = stages.length === 0 && !next;
    this.#asking.hidden = phase !== 'running' && phase !== 'preparing';
    this.#begin.hidden = !next;
    this.#isAsking = asks;
    this.#asks.checked = asks;
    const state = JSON.stringify([stages, keys, next]);
    if (state === this.#drawn) return;
    this.#drawn = state;
    this.#next = { ...next?.ranges };
    if (next) this.#begin.textContent = `Begin stage ${next.stage}`;
    const heads = stages.map(({ stage, trials, epochs }) =>
      element(
        'th',
        { scope: 'col' },
        `stage ${stage} `,
        element('small', { text: `${count(trials)} trials × ${count(epochs)} epochs` }),
      ),
    );
    if (next) heads.push(element('th', { scope: 'col', text: `stage ${next.stage}, to come` }));
    const rows = keys.map((key) => {
      const cells = stages.map(({ ranges }) => this.#cell(key, ranges[key.key]));
      if (next) cells.push(this.#fields(key, next.ranges[key.key]));
      const head = element('th', { scope: 'row', title: key.key, text: keyName(key.key, keys) });
      return element('tr', {}, head, ...cells);
    });
    this.#table.replaceChildren(
      element('thead', {}, element('tr', {}, element('td'), ...heads)),
      element('tbody', {}, ...rows),
    );
  }

  /** In words, and as a part of the whole range. */
  #cell(key: SearchedKey, range: RangeNow | undefined): HTMLElement {
    const cell = element('td');
    if (!range) return cell;
    if ('values' in range) {
      cell.append(range.values.length > 4 ? `${range.values.length} choices` : choiceText(range));
      return cell;
    }
    const { low, high } = range;
    const part = element('span');
    const [from, to] = [unitOf(key, low), unitOf(key, high)];
    part.style.transform = `translateX(${100 * Math.max(0, from)}%) scaleX(${Math.min(1, to - from)})`;
    cell.append(`${short(low)} … ${short(high)}`, element('span', { class: 'part' }, part));
    return cell;
  }

  /** A range must lie within that of the config. */
  #fields(key: SearchedKey, range: RangeNow | undefined): HTMLElement {
    if (!range || 'values' in range) return this.#cell(key, range);
    const fields = (['low', 'high'] as const).map((end) =>
      element('input', {
        type: 'text',
        value: short(range[end]),
        'aria-label': `${key.key}, ${end === 'low' ? 'from' : 'to'}`,
      }),
    );
    const changed = () => {
      const [low, high] = fields.map(({ value }) =>
        value.trim() === '' ? Number.NaN : Number(value),
      );
      const isWhole = key.kind !== 'int' || (Number.isInteger(low) && Number.isInteger(high));
      const isValid = low! < high! && low! >= key.low && high! <= key.high && isWhole;
      for (const field of fields) field.toggleAttribute('aria-invalid', !isValid);
      if (isValid) this.#next[key.key] = { low: low!, high: high! };
    };
    for (const field of fields) field.addEventListener('change', changed);
    return element('td', {}, fields[0]!, ' … ', fields[1]!);
  }
}

function choiceText({ values }: Extract<RangeNow, { values: unknown }>): string {
  return values
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .map((text) => (text.length > 18 ? `${text.slice(0, 17)}…` : text))
    .join(', ');
}
