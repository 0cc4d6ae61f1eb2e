import type { EnsembleRow } from '../../core/ensemble/protocol.ts';
import type { Ink } from '../../core/report/chart/svg.ts';
import { escaped } from '../../core/report/markup.ts';
import type { Color } from '../color.ts';
import { drawn } from '../dom.ts';
import { short } from '../format.ts';
import type { Theme } from '../theme.ts';
import { type Extent, extentOfRows, type Marks, marksOf, placeOf } from './intervals.ts';
import { type Measure, titleOf } from './metrics.ts';

/** A row's marks, in pixels. */
const HEIGHT = 22;
const MIDDLE = HEIGHT / 2;
/** So many members are faint dots; of more the interval says enough. */
const MOST_DOTS = 200;

/** Between two numbers of the axis. */
const TICK = 55;

const pixels = (value: number) => Number(value.toFixed(1));

/** An element of a drawing, before it is one of the page or of a file. */
interface Shape {
  tag: 'circle' | 'line' | 'path';
  attributes: { [name: string]: string | number };
}

type Paint = { [role in 'grid' | 'member' | 'combined' | 'mean']: string } & {
  /** Of a member's dot. */
  opacity: number;
};

/** Grid, members as faint dots, their mean ± sd as a line, and all together as a rhombus. */
function shapesOf(
  marks: Marks,
  { ticks }: Extent,
  grid: number[],
  width: number,
  paint: Paint,
): Shape[] {
  const x = (share: number) => pixels(6 + share * (width - 12));
  const line = (from: number, to: number, stroke: string, thick: number): Shape => ({
    tag: 'line',
    attributes: { x1: from, x2: to, y1: MIDDLE, y2: MIDDLE, stroke, 'stroke-width': thick },
  });
  const shapes: Shape[] = ticks.map((_, i) => {
    const at = x(grid[i]!);
    return {
      tag: 'line',
      attributes: { x1: at, x2: at, y1: 0, y2: HEIGHT, stroke: paint.grid, 'stroke-width': 1 },
    };
  });
  for (const at of marks.members.slice(0, MOST_DOTS))
    shapes.push({
      tag: 'circle',
      attributes: {
        cx: x(at),
        cy: MIDDLE,
        r: 3,
        fill: paint.member,
        'fill-opacity': paint.opacity,
      },
    });
  if (marks.interval)
    shapes.push(line(x(marks.interval[0]), x(marks.interval[1]), paint.mean, 1.5));
  if (marks.mean !== null) {
    const at = x(marks.mean);
    shapes.push({
      tag: 'line',
      attributes: {
        x1: at,
        x2: at,
        y1: MIDDLE - 5,
        y2: MIDDLE + 5,
        stroke: paint.mean,
        'stroke-width': 1.5,
      },
    });
  }
  if (marks.combined !== null) {
    const at = x(marks.combined);
    const d = `M${at} ${MIDDLE - 6}l6 6l-6 6l-6 -6z`;
    shapes.push({ tag: 'path', attributes: { d, fill: paint.combined } });
  }
  return shapes;
}

/** Colors by their roles. */
function paintOf(theme: Theme, of: (color: Color) => string): Paint {
  return {
    grid: of(theme.grid),
    member: of(theme.train),
    mean: of(theme.train),
    combined: of(theme.validation),
    // There nothing is faint.
    opacity: theme.highContrast ? 1 : 0.45,
  };
}

/** Of a chart in a file. Pixels. */
const CHART = 380;

/** The marks of all rows on one axis. */
export class Drawing {
  readonly #width: number;
  readonly #rows: readonly EnsembleRow[];
  readonly #measure: Measure;
  readonly #theme: Theme;
  readonly extent: Extent | null;

  /** `width`: of the axis, in pixels. */
  constructor(rows: readonly EnsembleRow[], measure: Measure, theme: Theme, width = CHART) {
    this.#width = width;
    this.#rows = rows;
    this.#measure = measure;
    this.#theme = theme;
    this.extent = extentOfRows(rows, measure, Math.max(2, Math.floor(width / TICK)));
  }

  /** The marks of one row, for the page; null where there is nothing to draw. */
  row(row: EnsembleRow, of: (color: Color) => string): SVGSVGElement | null {
    const { extent } = this;
    if (!extent) return null;
    const width = this.#width;
    const marks = marksOf(row, this.#measure, extent);
    const shapes = shapesOf(marks, extent, this.#grid, width, paintOf(this.#theme, of));
    return drawn(
      'svg',
      { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true' },
      ...shapes.map(({ tag, attributes }) => drawn(tag, attributes)),
    );
  }

  /** The numbers of the axis, with their places in shares of the width. */
  get ticks(): { at: number; text: string }[] {
    return (this.extent?.ticks ?? []).map((tick, i) => ({ at: this.#grid[i]!, text: short(tick) }));
  }

  /** All rows with their names and numbers, as a picture that can stand alone. */
  svg(title: string, ink: Ink<Color>): string {
    const { extent } = this;
    const rows = this.#rows;
    const NAME = 190;
    const TOP = 40;
    const width = NAME + CHART + 90;
    const height = TOP + rows.length * HEIGHT + 34;
    const text = (words: string, x: number, y: number, fill: string, anchor = 'start', size = 11) =>
      `<text x="${x}" y="${y}" fill="${fill}" text-anchor="${anchor}" font-size="${size}">${escaped(words)}</text>`;
    const paint = paintOf(this.#theme, ink.of);
    const lines = rows.map((row, i) => {
      const y = TOP + i * HEIGHT;
      const shapes = extent
        ? shapesOf(marksOf(row, this.#measure, extent), extent, this.#grid, CHART, paint)
        : [];
      const drawnShapes = shapes.map(
        ({ tag, attributes }) =>
          `<${tag}${Object.entries(attributes)
            .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
            .join('')}/>`,
      );
      const value = this.#measure.text(this.#measure.of(row.validation));
      return `${text(titleOf(row), NAME - 10, y + 15, ink.foreground, 'end')}<g transform="translate(${NAME} ${y})">${drawnShapes.join('')}</g>${text(value, NAME + CHART + 10, y + 15, ink.foreground)}`;
    });
    const foot = TOP + rows.length * HEIGHT + 14;
    const ticks = this.ticks.map(({ at, text: words }) =>
      text(words, pixels(NAME + 6 + at * (CHART - 12)), foot, ink.dim, 'middle'),
    );
    const background = ink.background
      ? `<rect width="${width}" height="${height}" fill="${ink.background}"/>`
      : '';
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${escaped(ink.font)}"><title>${escaped(title)}</title>${background}<g font-weight="600">${text(title, 16, 22, ink.foreground, 'start', 13)}</g>${lines.join('')}${ticks.join('')}</svg>`;
  }

  get #grid(): number[] {
    const { extent } = this;
    return extent ? extent.ticks.map((tick) => placeOf(tick, extent)) : [];
  }
}
