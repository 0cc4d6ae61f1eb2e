import type { RangeNow } from '../../core/events/sweep-event.ts';
import { element } from '../dom.ts';
import { count, short } from '../format.ts';
import { keyName, unitOf } from './keys.ts';
import type { SearchedKey, SweepFacts } from './protocol.ts';

/** The range of every key in each stage; those of a stage that is to begin can be changed. */
export class StageRanges {
  readonly element = element('section', { class: 'ranges', 'aria-label': 'Stages' });
  readonly #table = element('table');
  readonly #changed: (key: string, range: RangeNow) => void;
  #drawn = '';

  constructor(changed: (key: string, range: RangeNow) => void) {
    this.#changed = changed;
    this.element.append(element('h2', { text: 'Ranges, stage by stage' }), this.#table);
  }

  draw({ stages, keys, next }: SweepFacts): void {
    this.element.hidden = stages.length === 0;
    const state = JSON.stringify([stages, keys, next]);
    if (state === this.#drawn) return;
    this.#drawn = state;
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

  #fields(key: SearchedKey, range: RangeNow | undefined): HTMLElement {
    if (!range || 'values' in range) return this.#cell(key, range);
    const ends: RangeNow = { low: range.low, high: range.high };
    const field = (end: 'low' | 'high') => {
      const input = element('input', {
        type: 'text',
        value: short(range[end]),
        'aria-label': `${key.key}, ${end === 'low' ? 'from' : 'to'}`,
      });
      input.addEventListener('change', () => {
        const value = Number(input.value);
        const changed = { ...ends, [end]: value };
        const isValid =
          input.value.trim() !== '' && changed.low < changed.high && Number.isFinite(value);
        input.toggleAttribute('aria-invalid', !isValid);
        if (!isValid) return;
        ends[end] = value;
        this.#changed(key.key, { ...ends });
      });
      return input;
    };
    return element('td', {}, field('low'), ' … ', field('high'));
  }
}

function choiceText({ values }: Extract<RangeNow, { values: unknown }>): string {
  return values
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .map((text) => (text.length > 18 ? `${text.slice(0, 17)}…` : text))
    .join(', ');
}
