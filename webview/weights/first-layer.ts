import { rangeOf } from '../../core/inspection/filters/colors.ts';
import { type Filters, filtersOf } from '../../core/inspection/filters/filters.ts';
import type { FirstLayer as Place } from '../../core/inspection/filters/layout.ts';
import { FILTER_ORDERS, type FilterOrder, orderOf } from '../../core/inspection/filters/order.ts';
import { layerSmoothness } from '../../core/inspection/filters/smoothness.ts';
import { Choices } from '../choices.ts';
import { element, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { count } from '../format.ts';
import type { Theme } from '../theme.ts';
import { FilterDetail } from './filter-detail.ts';
import { FilterGrid } from './filter-grid.ts';
import { pixelWords, wordsOf } from './filter-numbers.ts';
import { greyPalette } from './palette.ts';
import { type RangeOf, rangesOf, type Shown } from './picture.ts';
import { ScaleBar } from './scale-bar.ts';
import type { WeightsChoice } from './state.ts';
import { filtersDigest, filtersTable } from './tables.ts';

/** More images than this are shown only when asked for. */
const MOST = 256;
const RANGES: readonly RangeOf[] = ['each', 'all'];

/** All images are to be seen at once, if that can be; and one alone does not fill the view. Pixels. */
const GRID = { height: 480, largest: 84, gap: 1 };

/** How the images are sorted and scaled. */
type FilterChoice = Pick<WeightsChoice, 'order' | 'range'>;

/** More often than this no table is read. Milliseconds. */
const TELL_AFTER = 400;

/** The weights of a moment, and those of the last one: the order goes by these, so that scrubbing keeps it. */
export interface Moment {
  step: number;
  values: Float32Array;
  /** Which moment is the last, in a word. */
  latest: string;
  last(): Float32Array;
}

/** The first layer's weights as images: what each unit looks for. */
export class FirstLayer {
  readonly element: HTMLElement;
  readonly #place: Place;
  readonly #changed: () => void;
  readonly #verdict = element('p', { class: 'verdict' });
  readonly #reading = element('p', { class: 'note reading' });
  readonly #order: Choices<FilterOrder>;
  readonly #range: Choices<RangeOf>;
  readonly #all = element('button', { type: 'button', class: 'choice' });
  readonly #grid: FilterGrid;
  readonly #detail: FilterDetail;
  readonly #bar = new ScaleBar();
  readonly #table = element('table');
  #theme: Theme;
  #by: FilterOrder;
  #rangeOf: RangeOf;
  #showsAll = false;
  #shown: Shown | null = null;
  #sorted: { key: string; order: Uint32Array } | null = null;
  #pointed: { place: number; pixel: number | null } | null = null;
  #telling: ReturnType<typeof setTimeout> | undefined;
  /** The image that is enlarged; null: the one that comes first. */
  #enlarged: number | null = null;

  /** `changed` is told when it has to be drawn anew. */
  constructor(place: Place, { order, range }: FilterChoice, theme: Theme, changed: () => void) {
    this.#place = place;
    this.#by = order;
    this.#rangeOf = range;
    this.#theme = theme;
    this.#changed = changed;
    const { label } = place.layer;
    this.#detail = new FilterDetail(label);
    this.#order = new Choices(
      { title: 'sort by', label: 'Order of the images', name: 'filter-order' },
      FILTER_ORDERS,
      (by) => this.#set(() => (this.#by = by)),
    );
    this.#range = new Choices(
      { title: 'scale of', label: 'What the brightest color is', name: 'filter-range' },
      RANGES,
      (of) => this.#set(() => (this.#rangeOf = of)),
    );
    this.#all.addEventListener('click', () => this.#set(() => (this.#showsAll = !this.#showsAll)));
    const grid = { label: `Units of ${label}: Enter enlarges`, id: 'filter', ...GRID };
    this.#grid = new FilterGrid(grid, {
      pointed: (place, pixel) => {
        this.#pointed = place === null ? null : { place, pixel };
        this.#read();
      },
      chosen: (at) => this.#choose(at),
      words: (at) => wordsOf(this.#shown!.filters, this.#shown!.order[at]!),
    });
    const tools = element(
      'span',
      { class: 'tools' },
      this.#order.element,
      this.#range.element,
      this.#all,
    );
    const title = element('h2', { text: `What does each unit of ${label} look for?` });
    this.element = element('figure', { class: 'first-layer' });
    const button = exportButton(this.element, `the weights of ${label}`, () => this.#exportable());
    this.element.append(
      element('figcaption', {}, title, tools, button),
      this.#verdict,
      element('div', { class: 'beside' }, this.#grid.element, this.#detail.element),
      element('div', { class: 'below' }, this.#bar.element, this.#reading),
      element('div', { class: 'visually-hidden' }, this.#table),
    );
  }

  get choice(): FilterChoice {
    return { order: this.#by, range: this.#rangeOf };
  }

  draw({ step, values, latest, last }: Moment, theme: Theme): void {
    this.#theme = theme;
    const palette = greyPalette(theme);
    const layout = this.#place.layout!;
    const filters = filtersOf(values, layout);
    const whole = this.#ordered(latest, () => filtersOf(last(), layout));
    const order = this.#showsAll ? whole : whole.subarray(0, MOST);
    this.#shown = { filters, order, ranges: rangesOf(filters, this.#rangeOf), palette };
    this.#order.update(this.#by);
    this.#range.update(this.#rangeOf);
    this.#all.hidden = filters.count <= MOST;
    setText(
      this.#all,
      this.#showsAll ? `show the first ${MOST}` : `show all ${count(filters.count)}`,
    );
    const { verdict, explanation } = layerSmoothness(filters, step);
    const name = verdict ? [element('b', { text: capital(verdict) }), '. '] : [];
    this.#verdict.replaceChildren(...name, explanation);
    const range = this.#rangeOf === 'all' ? rangeOf(filters, filters.values) : null;
    this.#bar.element.hidden = filters.channels === 3;
    const enlarged = this.#enlarged ?? order[0]!;
    this.#grid.draw(this.#shown, order.indexOf(enlarged));
    this.#bar.draw(range, palette);
    this.#detail.draw(this.#shown, enlarged, theme);
    this.#read();
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#tell(filters, order), TELL_AFTER);
  }

  #exportable(): Exportable | null {
    const shown = this.#shown;
    if (!shown) return null;
    const name = `${this.#place.layer.label} weights`;
    return {
      name,
      table: () => filtersTable(name, shown.filters, shown.order),
      picture: { of: 'pixels', svg: () => pixelSvg(name, [this.#grid.canvas], this.#theme) },
    };
  }

  #set(change: () => void): void {
    change();
    this.#changed();
  }

  #choose(at: number): void {
    this.#set(() => (this.#enlarged = this.#shown!.order[at]!));
  }

  #ordered(latest: string, last: () => Filters): Uint32Array {
    const key = `${latest} ${this.#by}`;
    if (this.#sorted?.key !== key) this.#sorted = { key, order: orderOf(last(), this.#by) };
    return this.#sorted.order;
  }

  #read(): void {
    if (!this.#shown) return;
    const { filters, order } = this.#shown;
    const { width, height } = filters;
    if (!this.#pointed || this.#pointed.place >= order.length) {
      const shown =
        order.length < filters.count
          ? `${count(order.length)} of ${count(filters.count)}`
          : count(filters.count);
      const images = `${shown} ${filters.count === 1 ? 'image' : 'images'} of ${width} × ${height}`;
      const colors =
        filters.channels === 3 ? ' in color, from the lowest to the highest weight' : '';
      setText(this.#reading, `${images}${colors} · click to enlarge`);
      return;
    }
    const { place, pixel } = this.#pointed;
    const index = order[place]!;
    const value = pixel === null ? '' : ` · ${pixelWords(filters, index, pixel)}`;
    setText(this.#reading, `${wordsOf(filters, index)}${value}`);
  }

  /** The same in numbers, for those who do not see the images. */
  #tell(filters: Filters, order: Uint32Array): void {
    const { columns, rows } = filtersDigest(filters, Array.from(order));
    this.#table.replaceChildren(
      element('caption', { text: `Weights of ${this.#place.layer.label}: numbers` }),
      element('tr', {}, ...columns.map((text) => element('th', { scope: 'col', text }))),
      ...rows.map(([name, ...cells]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row', text: String(name) }),
          ...cells.map((cell) => element('td', { text: String(cell) })),
        ),
      ),
    );
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
