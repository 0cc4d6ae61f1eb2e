import { element, setAttribute, setText } from '../dom.ts';
import { exact } from '../format.ts';
import type { ExplorerFacts, Verdict } from '../protocol.ts';
import type { Cell } from './state.ts';

/** A class by its name. */
export const className = ({ classes }: ExplorerFacts, index: number): string =>
  index < 0 ? 'none' : (classes?.[index] ?? String(index));

/** The examples of a cell of the confusion matrix. */
export const cellName = (facts: ExplorerFacts, { label, predicted }: Cell): string =>
  `true ${className(facts, label)}, said ${className(facts, predicted)}`;

/** A probability in four digits: what is nearly 1 is not said to be 1. */
export function probability(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value > 0 && value < 1e-4) return '< 0.0001';
  return value < 1 && value > 0.9999 ? '> 0.9999' : value.toFixed(4);
}

/** A share of something, in per cent; of nothing a dash. */
export const percent = (share: number): string =>
  Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`;

/** What the network says of an input, the largest first: names, bars and numbers. */
export class Bars {
  readonly element = element('table', { class: 'bars' });
  readonly #caption = element('caption');
  readonly #most: number;

  /** `most`: so many are shown. */
  constructor(caption: string, most: number) {
    this.#most = most;
    setText(this.#caption, caption);
  }

  /** `label`: the true class. */
  show(facts: ExplorerFacts, { outputs, probabilities }: Verdict, label: number | null): void {
    const values = probabilities ?? outputs;
    const rank = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
    const largest = Array.from(values, (_, i) => i)
      .sort((a, b) => rank(values[b]!) - rank(values[a]!) || a - b)
      .slice(0, this.#most);
    const most = probabilities ? 1 : Math.max(...values.map(Math.abs));
    const rows = largest.map((index) => {
      const value = values[index]!;
      const bar = element('span');
      bar.style.transform = `scaleX(${Math.min(1, Math.max(0, value / most)) || 0})`;
      const row = element(
        'tr',
        {},
        element('th', { scope: 'row', text: className(facts, index) }),
        element('td', {}, element('span', { class: 'bar' }, bar)),
        element('td', { class: 'number', text: probabilities ? probability(value) : exact(value) }),
        element('td', { class: 'dim', text: index === label ? 'true class' : '' }),
      );
      if (index === label) setAttribute(row, 'class', 'true');
      return row;
    });
    this.element.replaceChildren(this.#caption, ...rows);
  }
}
