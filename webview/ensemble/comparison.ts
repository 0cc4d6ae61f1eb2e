import { type EnsembleRow, runTitle } from '../../core/ensemble/protocol.ts';
import type { EnsembleState } from '../../core/ensemble/state.ts';
import type { Table } from '../../core/report/chart/table.ts';
import { css } from '../color.ts';
import { element } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, inkOf } from '../export/exportable.ts';
import { count } from '../format.ts';
import type { Theme } from '../theme.ts';
import { Drawing } from './drawing.ts';
import { lossText, type Measure, measureOf, spreadText, titleOf } from './metrics.ts';

const TITLE = 'Comparison';
/** Of the marks. Pixels. */
const WIDTH = { least: 110, most: 460, rest: 600 };

/** A line a method and combination, as in the lectures: what it is, how good, and what it costs. */
export class Comparison {
  readonly element = element('figure', { class: 'panel comparison' });
  readonly #table = element('table');
  readonly #scroller = element(
    'div',
    { class: 'scroller', tabindex: '0', role: 'region' },
    this.#table,
  );
  readonly #note = element('span', { class: 'note' });
  readonly #key = element('p', { class: 'note key' });
  readonly #leftOut = element('ul', { class: 'left-out', 'aria-label': 'Left out' });
  #state: EnsembleState | null = null;
  #theme: Theme;

  constructor(theme: Theme) {
    this.#theme = theme;
    this.#scroller.setAttribute('aria-label', TITLE);
    const button = exportButton(this.element, TITLE, () => this.#exportable());
    this.element.append(
      element('figcaption', {}, element('h2', { text: TITLE }), this.#note, button),
      this.#scroller,
      this.#key,
      this.#leftOut,
    );
  }

  draw(state: EnsembleState, theme: Theme): void {
    this.#state = state;
    this.#theme = theme;
    const { rows, leftOut, members } = state;
    const lines = [
      ...leftOut.map(({ method, message }) => {
        const says = message.toLowerCase().startsWith(method.toLowerCase());
        return `Left out: ${says ? '' : `${method}. `}${message}`;
      }),
      ...[...members.values()]
        .filter(({ reason }) => reason !== 'completed')
        .map(
          ({ number, seed, distilled, reason, message }) =>
            `Without ${runTitle({ number, distilled })} (seed ${seed}): ${reason}${message ? `. ${message}` : ''}`,
        ),
    ];
    this.#leftOut.hidden = lines.length === 0;
    this.#leftOut.replaceChildren(...lines.map((text) => element('li', { text })));
    this.#scroller.hidden = this.#key.hidden = rows.length === 0;
    this.#note.textContent =
      rows.length > 0 ? 'of the validation examples' : 'told when all members are trained';
    if (rows.length === 0) return;
    const measure = measureOf(state);
    const { clientWidth } = this.element;
    const room = Math.min(WIDTH.most, clientWidth - WIDTH.rest);
    const over = this.#fill(rows, measure, Math.max(WIDTH.least, room));
    if (over > 0 && room > WIDTH.least)
      this.#fill(rows, measure, Math.max(WIDTH.least, room - over));
    this.#key.textContent = `● a member alone   ┼ their mean ± one standard deviation   ◆ all together; epochs are those of all its trainings`;
  }

  /** Draws with an axis of so many pixels; returns how many the table is too wide. */
  #fill(rows: readonly EnsembleRow[], measure: Measure, width: number): number {
    const drawing = new Drawing(rows, measure, this.#theme, width);
    this.#table.replaceChildren(
      this.#head(measure, drawing, width),
      element('tbody', {}, ...rows.map((row) => this.#row(row, measure, drawing))),
    );
    return this.#table.offsetWidth - this.#scroller.clientWidth;
  }

  #head(measure: Measure, drawing: Drawing, width: number): HTMLElement {
    const axis = element('span', { class: 'axis-marks', 'aria-hidden': 'true' });
    axis.style.width = `${width}px`;
    for (const { at, text } of drawing.ticks) {
      const tick = element('span', { text });
      tick.style.transform = `translateX(${6 + at * (width - 12)}px) translateX(-50%)`;
      axis.append(tick);
    }
    const head = (text: string) => element('th', { scope: 'col', text });
    const chart = element('th', { scope: 'col', class: 'chart' }, axis);
    chart.setAttribute('aria-label', `${measure.name}, drawn`);
    return element(
      'thead',
      {},
      element(
        'tr',
        {},
        head('method'),
        head(measure.name),
        chart,
        ...(measure.name === 'loss' ? [] : [head('loss')]),
        head('each alone'),
        head('members'),
        head('epochs'),
      ),
    );
  }

  #row(row: EnsembleRow, measure: Measure, drawing: Drawing): HTMLElement {
    const best = this.#isBest(row);
    const name = element(
      'th',
      { scope: 'row' },
      row.method === 'single' ? 'a member alone' : row.method,
      ...(row.combine ? [element('span', { class: 'dim', text: ` by ${row.combine}` })] : []),
      ...(best ? [element('span', { class: 'best', text: 'best' })] : []),
    );
    const cell = (text: string, name = '') => element('td', { text, class: name });
    const svg = drawing.row(row, css);
    const line = element(
      'tr',
      {},
      name,
      cell(measure.text(measure.of(row.validation)), 'value'),
      element('td', { class: 'chart' }, ...(svg ? [svg] : [])),
      ...(measure.name === 'loss' ? [] : [cell(lossText(row.validation.loss))]),
      cell(spreadText(row, measure)),
      cell(count(row.members)),
      cell(count(row.epochs)),
    );
    if (best) line.classList.add('is-best');
    return line;
  }

  #isBest({ method, combine }: EnsembleRow): boolean {
    const best = this.#state?.finished?.best;
    return best?.method === method && best.combine === combine;
  }

  #exportable(): Exportable | null {
    const state = this.#state;
    if (!state || state.rows.length === 0) return null;
    const theme = this.#theme;
    return {
      name: TITLE,
      table: () => comparisonTable(state),
      picture: {
        of: 'lines',
        svg: () => {
          const measure = measureOf(state);
          const title = `${state.begun?.config ?? 'Ensembles'}: validation ${measure.name}`;
          return new Drawing(state.rows, measure, theme).svg(title, inkOf(theme));
        },
      },
    };
  }
}

/** Every number of it, in full. */
export function comparisonTable({ rows, finished }: EnsembleState): Table {
  const METRICS = ['accuracy', 'loss', 'r2', 'rmse'] as const;
  const known = METRICS.filter((metric) =>
    rows.some(({ validation }) => validation[metric] !== null),
  );
  return {
    title: TITLE,
    columns: [
      'method',
      'combined by',
      'members',
      ...known,
      ...known.flatMap((metric) => [`${metric} alone, mean`, `${metric} alone, sd`]),
      'epochs',
      'best',
    ],
    rows: rows.map((row) => [
      row.method,
      row.combine,
      row.members,
      ...known.map((metric) => row.validation[metric]),
      ...known.flatMap((metric) => [
        row.single[metric]?.mean ?? null,
        row.single[metric]?.sd ?? null,
      ]),
      row.epochs,
      finished && titleOf(finished.best) === titleOf(row) ? 'best' : null,
    ]),
    digest: null,
  };
}
