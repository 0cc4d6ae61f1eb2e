import type { Pen } from '../../core/report/chart/pen.ts';
import { css } from '../color.ts';
import { count } from '../format.ts';
import type { Theme } from '../theme.ts';
import { LEVELS, levelOf, rankColors } from './colors.ts';
import { gridOf, keyName, ticksOf } from './keys.ts';
import type { SweepModel, Trial } from './model.ts';
import { Plot, type Size } from './plot.ts';
import type { SearchedKey } from './protocol.ts';

/** Pixels. */
const LEFT = 4;
const TICK = 13;
/** Of each key. */
const HIGH = 62;

/**
 * Why random beats a grid (Bergstra and Bengio, 2012): the trials of the first stage, let fall onto the axis of
 * each key, and below them the values that a grid of as many trials would have.
 */
export class ValuesTried {
  readonly element: HTMLElement;
  readonly #plot: Plot;

  constructor(theme: Theme) {
    this.#plot = new Plot('tried', 'Values tried of each key', theme);
    this.element = this.#plot.element;
  }

  draw(model: SweepModel, theme: Theme): void {
    const { keys, stages } = model.facts!;
    const first = model.trials.filter(({ stage }) => stage === 1);
    const grid = gridOf(keys, first.length, stages[0]?.ranges ?? {});
    const different = keys.map((_, k) => new Set(first.map(({ values }) => values[k])).size);
    this.element.hidden = first.length === 0;
    this.#plot.height = keys.length * HIGH;
    this.#plot.draw(
      {
        note: sentence(model, first.length, different, grid),
        summary: keys
          .map(({ key }, k) => `${key}: ${different[k]} values, by a grid ${grid[k]!.length}`)
          .join('; '),
        table: () => ({
          title: 'Values tried of each key',
          columns: ['key', 'values tried', 'values of a grid of as many trials'],
          rows: keys.map(({ key }, k) => [key, different[k]!, grid[k]!.length]),
          digest: null,
        }),
        paint: (pen, size) => paintAll(pen, size, model, first, grid, theme),
      },
      theme,
    );
  }

  tell(): void {
    this.#plot.tell();
  }
}

function sentence(
  { facts }: SweepModel,
  trials: number,
  different: readonly number[],
  grid: readonly number[][],
): string {
  if (facts!.keys.length < 2 || trials < 4) return '';
  const [tried, evenly] = [span(different), span(grid.map(({ length }) => length))];
  const others = facts!.sampler === 'grid' ? count(trials) : evenly;
  const who = facts!.sampler === 'grid' ? 'at random' : 'a grid would try';
  return `${count(trials)} trials try ${tried} values of each key; ${who} ${others}`;
}

/** e.g. "8", or "4 to 9". */
function span(numbers: readonly number[]): string {
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  return least === most ? count(most) : `${count(least)} to ${count(most)}`;
}

function paintAll(
  pen: Pen,
  { width, height }: Size,
  { facts }: SweepModel,
  trials: readonly Trial[],
  grid: readonly number[][],
  theme: Theme,
): void {
  const { keys } = facts!;
  const high = height / keys.length;
  const wide = Math.max(1, width - 2 * LEFT);
  const colors = rankColors(theme).map(css);
  // Those without a score first, then from the worst to the best, which lie on top.
  const byLevel = new Map<number, Trial[]>();
  for (let level = -1; level < LEVELS; level++) {
    const alike = trials.filter(({ rank }) => (Number.isNaN(rank) ? -1 : levelOf(rank)) === level);
    if (alike.length > 0) byLevel.set(level, alike);
  }
  for (const [k, key] of keys.entries()) {
    const top = k * high;
    const axis = top + high / 2 + 4;
    pen.textBaseline = 'alphabetic';
    pen.textAlign = 'left';
    pen.fillStyle = css(theme.foreground);
    pen.fillText(keyName(key.key, keys), LEFT, axis - TICK - 5);
    pen.strokeStyle = css(theme.grid);
    rule(pen, LEFT, axis, LEFT + wide, axis);
    pen.globalAlpha = 0.85;
    for (const [level, alike] of byLevel) {
      pen.strokeStyle = level < 0 ? css(theme.other) : colors[level]!;
      pen.beginPath();
      for (const { units } of alike) {
        const x = LEFT + Math.max(0, Math.min(1, units[k]!)) * wide;
        pen.moveTo(x, axis - 2);
        pen.lineTo(x, axis - TICK);
      }
      pen.stroke();
    }
    pen.globalAlpha = 1;
    pen.strokeStyle = css(theme.foreground);
    pen.lineWidth = 2;
    for (const unit of grid[k]!) {
      const x = LEFT + unit * wide;
      rule(pen, x, axis + 2, x, axis + 7);
    }
    pen.lineWidth = 1;
    ends(pen, key, axis + 20, wide, theme);
  }
}

function ends(pen: Pen, key: SearchedKey, y: number, wide: number, theme: Theme): void {
  pen.fillStyle = css(theme.dim);
  pen.textBaseline = 'alphabetic';
  const ticks = ticksOf(key, Math.max(2, Math.floor(wide / 84)));
  for (const { unit, text } of ticks) {
    pen.textAlign = unit < 0.04 ? 'left' : unit > 0.96 ? 'right' : 'center';
    pen.fillText(text, LEFT + unit * wide, y);
  }
}

function rule(pen: Pen, fromX: number, fromY: number, toX: number, toY: number): void {
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  pen.stroke();
}
