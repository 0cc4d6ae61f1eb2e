import type { Axis } from '../format.ts';
import { escaped } from '../markup.ts';
import { alarms, type Content, type Gap, type Line } from './content.ts';
import { placeLabels } from './labels.ts';
import { linearTicks, linearTickTexts, logTicks, tickTexts, xTicks, xTickText } from './ticks.ts';

/** How large a chart is, and what its horizontal axis counts. Pixels. */
export interface Frame {
  width: number;
  height: number;
  axis: Axis;
  /** Where the horizontal axis ends. */
  max: number;
}

/** The colors of a chart, as SVG names them. */
export interface Ink<Color> {
  of(color: Color): string;
  /** The same, for text. */
  text(color: Color): string;
  /** Null: transparent. */
  background: string | null;
  foreground: string;
  dim: string;
  grid: string;
  error: string;
  font: string;
}

const FONT_SIZE = 11;
/** Of a letter, on average. */
const LETTER = 6.1;
const MARGIN = { left: 44, top: 10, right: 16, bottom: 20 };
const TITLE = 24;
const LABEL_GAP = 8;
const LABEL_SPACING = 15;
/** Alarms closer than this share one text. */
const ALARM_SPACING = 90;

const places = (value: number) => Number(value.toFixed(1));

/** A chart as a picture of lines and letters; with a title if it has to stand alone. */
export function chartSvg<Color>(
  title: string,
  content: Content<Color>,
  frame: Frame,
  ink: Ink<Color>,
  alone: boolean,
): string {
  const { width, height } = frame;
  const scene = new Scene(content, frame, ink, alone ? TITLE : 0);
  const heading = alone
    ? text(MARGIN.left, 16, title, ink.foreground, 'font-size="13" font-weight="600"') +
      text(width - MARGIN.right, 16, content.note, ink.dim, 'text-anchor="end"')
    : '';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` role="img" aria-label="${escaped(title)}" font-family="${escaped(ink.font)}" font-size="${FONT_SIZE}">`,
    alone ? `<title>${escaped(title)}</title>` : '',
    ink.background === null
      ? ''
      : `<rect width="${width}" height="${height}" fill="${ink.background}"/>`,
    heading,
    scene.draw(),
    '</svg>',
  ].join('');
}

class Scene<Color> {
  readonly #content: Content<Color>;
  readonly #frame: Frame;
  readonly #ink: Ink<Color>;
  readonly #range: readonly [number, number];
  readonly #left = MARGIN.left;
  readonly #top: number;
  /** Of the plot. */
  readonly #width: number;
  readonly #height: number;

  constructor(content: Content<Color>, frame: Frame, ink: Ink<Color>, titleHeight: number) {
    this.#content = content;
    this.#frame = frame;
    this.#ink = ink;
    this.#range = content.range ?? (content.scale === 'log' ? [0.1, 10] : [0, 1]);
    this.#top = MARGIN.top + titleHeight;
    const room = frame.width - MARGIN.left;
    this.#width = room - labelRoom(content.lines, frame.max, room);
    this.#height = frame.height - this.#top - MARGIN.bottom;
  }

  draw(): string {
    const { lines } = this.#content;
    const plot = `x="${this.#left}" y="${this.#top}" width="${places(this.#width)}" height="${places(this.#height)}"`;
    return [
      this.#horizontalAxis(),
      this.#content.range ? this.#verticalAxis() : '',
      // An svg within an svg clips what lies outside of it.
      `<svg ${plot} overflow="hidden">`,
      this.#band(),
      ...this.#content.gaps.map((gap) => this.#gap(gap)),
      this.#backdrop(),
      ...lines.map((line) => this.#line(line)),
      this.#alarmMarks(),
      '</svg>',
      this.#endLabels(),
      this.#alarmTexts(),
    ].join('');
  }

  /** Within the plot. */
  #x(value: number): number {
    return (value / this.#frame.max) * this.#width;
  }

  /** Within the plot; on its edge where a value is not on the axis. */
  #y(value: number): number {
    const [min, max] = this.#range;
    const log = this.#content.scale === 'log';
    if (log && value <= 0) return this.#height;
    const share = log
      ? Math.log(value / min) / Math.log(max / min)
      : (value - min) / (max - min || 1);
    return this.#height * (1 - Math.max(-0.02, Math.min(1.02, share)));
  }

  #horizontalAxis(): string {
    const { axis, max } = this.#frame;
    const bottom = this.#top + this.#height;
    const count = Math.max(2, Math.min(10, Math.floor(this.#width / 90)));
    const ticks = xTicks(axis, max, count).map((tick) =>
      text(
        this.#left + this.#x(tick),
        bottom + 14,
        xTickText(tick, axis, max),
        this.#ink.dim,
        'text-anchor="middle"',
      ),
    );
    return (
      line(this.#left, bottom, this.#left + this.#width, bottom, this.#ink.grid) + ticks.join('')
    );
  }

  #verticalAxis(): string {
    const [min, max] = this.#range;
    const log = this.#content.scale === 'log';
    const count = Math.max(2, Math.min(6, Math.floor(this.#frame.height / 42)));
    const ticks = (log ? logTicks : linearTicks)(min, max, count);
    const texts = (log ? tickTexts : linearTickTexts)(ticks);
    return ticks
      .map((tick, i) => {
        const y = places(this.#top + this.#y(tick));
        return (
          line(this.#left, y, this.#left + this.#width, y, this.#ink.grid) +
          text(this.#left - 8, y + 4, texts[i]!, this.#ink.dim, 'text-anchor="end"')
        );
      })
      .join('');
  }

  #band(): string {
    const { band, range } = this.#content;
    if (!band || !range) return '';
    const top = places(this.#y(band.to));
    const high = places(this.#y(band.from) - top);
    return `<rect y="${top}" width="${places(this.#width)}" height="${high}" fill="${this.#ink.of(band.color)}" fill-opacity="0.1"/>`;
  }

  /** Between two curves, each with its own points. */
  #gap({ between, color }: Gap<Color>): string {
    const [first, second] = between.map((one) => this.#points(one).flat());
    const around = [...first!, ...second!.reverse()];
    if (around.length < 3) return '';
    return `<path d="${pathOf(around)}Z" fill="${this.#ink.of(color)}"/>`;
  }

  #backdrop(): string {
    const { backdrop = [] } = this.#content;
    return backdrop
      .map((one) => {
        const path = this.#points(one).map(pathOf).join('');
        return `<path d="${path}" fill="none" stroke="${this.#ink.of(one.color)}" opacity="${one.opacity}"/>`;
      })
      .join('');
  }

  /** Runs of neighbouring finite points. */
  #points({ x, y }: Pick<Line<Color>, 'x' | 'y'>): [number, number][][] {
    const runs: [number, number][][] = [];
    let open = false;
    for (let i = 0; i < y.length; i++) {
      const finite = Number.isFinite(y[i]!);
      if (finite && !open) runs.push([]);
      if (finite) runs.at(-1)!.push([places(this.#x(x[i]!)), places(this.#y(y[i]!))]);
      open = finite;
    }
    return runs;
  }

  #line(one: Line<Color>): string {
    const runs = this.#points(one);
    const color = this.#ink.of(one.color);
    const opacity = one.opacity < 1 ? ` opacity="${one.opacity}"` : '';
    const dash = one.dash.length > 0 ? ` stroke-dasharray="${one.dash.join(' ')}"` : '';
    const path = one.joined
      ? `<path d="${runs.map(pathOf).join('')}" fill="none" stroke="${color}" stroke-width="${one.width}" stroke-linejoin="round"${dash}${opacity}/>`
      : '';
    // A point of no length with a round end is a dot.
    const dots = one.dots
      ? `<path d="${runs
          .flat()
          .map(([x, y]) => `M${x} ${y}h0`)
          .join(
            '',
          )}" fill="none" stroke="${color}" stroke-width="4.4" stroke-linecap="round"${opacity}/>`
      : '';
    return path + dots;
  }

  #endLabels(): string {
    const labeled = this.#content.lines.flatMap((one) => {
      const end = one.y.findLastIndex(Number.isFinite);
      if (!one.label || end < 0) return [];
      const x = this.#left + this.#x(one.x[end]!) + LABEL_GAP;
      const width = one.label.length * LETTER;
      const y = this.#top + Math.max(0, Math.min(this.#height, this.#y(one.y[end]!)));
      return [{ one, place: { x, y, width, rank: one.rank } }];
    });
    const middles = placeLabels(
      labeled.map(({ place }) => place),
      LABEL_SPACING,
      this.#top,
      this.#top + this.#height,
    );
    return labeled
      .map(({ one, place }, i) => {
        const middle = middles[i];
        if (middle === null || middle === undefined) return '';
        return text(place.x, middle + 4, one.label!, this.#ink.text(one.color), this.#rim());
      })
      .join('');
  }

  #alarmMarks(): string {
    const seen = new Set<number>();
    return alarms(this.#content.lines)
      .map(({ x }) => Math.round(this.#x(x)))
      .filter((x) => !seen.has(x) && seen.add(x))
      .map((x) => line(x, 0, x, this.#height, this.#ink.error, ' stroke-dasharray="2 3"'))
      .join('');
  }

  #alarmTexts(): string {
    let last = Number.NEGATIVE_INFINITY;
    return alarms(this.#content.lines)
      .map((alarm) => {
        const x = this.#left + this.#x(alarm.x);
        if (x - last < ALARM_SPACING) return '';
        last = x;
        const before = x > this.#left + this.#width - ALARM_SPACING;
        const anchor = before ? 'text-anchor="end" ' : '';
        return text(
          x + (before ? -5 : 5),
          this.#top + 10,
          `✕ ${alarm.text}`,
          this.#ink.error,
          anchor + this.#rim(),
        );
      })
      .join('');
  }

  /** So that lines below do not strike the text through. */
  #rim(): string {
    const { background } = this.#ink;
    return background === null
      ? ''
      : `stroke="${background}" stroke-width="3" paint-order="stroke"`;
  }
}

/** Room right of the plot, so that no label is cut off. */
function labelRoom<Color>(lines: readonly Line<Color>[], max: number, width: number): number {
  let room = MARGIN.right;
  for (const { label, x } of lines) {
    if (!label || x.length === 0) continue;
    const end = Math.min(1, x.at(-1)! / max);
    const wide = LABEL_GAP + label.length * LETTER + 4;
    if (end > 0.2) room = Math.max(room, (wide - (1 - end) * width) / end);
  }
  return Math.min(room, width * 0.45);
}

/** Absolute at first, then from point to point: shorter. */
function pathOf(points: readonly [number, number][]): string {
  let [x, y] = [0, 0];
  return points
    .map(([toX, toY], i) => {
      const step = i === 0 ? `M${toX} ${toY}` : `l${places(toX - x)} ${places(toY - y)}`;
      [x, y] = [toX, toY];
      return step;
    })
    .join('');
}

function line(x1: number, y1: number, x2: number, y2: number, color: string, more = ''): string {
  return `<path d="M${places(x1)} ${places(y1)}L${places(x2)} ${places(y2)}" stroke="${color}"${more}/>`;
}

function text(x: number, y: number, content: string, color: string, more: string): string {
  return `<text x="${places(x)}" y="${places(y)}" fill="${color}" ${more}>${escaped(content)}</text>`;
}
