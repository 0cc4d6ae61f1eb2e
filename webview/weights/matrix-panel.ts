import { symmetricRange } from '../../core/inspection/filters/range.ts';
import { element, setAttribute, setText } from '../dom.ts';
import { exportButton } from '../export/button.ts';
import { type Exportable, pixelSvg } from '../export/exportable.ts';
import { count, exact } from '../format.ts';
import { sized } from '../layers/canvas.ts';
import type { WeightSet } from '../protocol.ts';
import type { Theme } from '../theme.ts';
import { moved } from './grid.ts';
import { cellOf, cellValue, type Matrix, type MatrixGrid, matrixGrid, matrixOf } from './matrix.ts';
import { colorsOf, imageOf, signPalette } from './palette.ts';
import { ScaleBar } from './scale-bar.ts';
import { matrixTable } from './tables.ts';

/** A matrix is at most so high, a cell so large, and where one side is short, the other not below this. Pixels. */
const HEIGHT = 260;
const LARGEST = 14;
const SLIM = 5;

/** The weights of one layer as a heat map: a row a unit, a column an input. */
export class MatrixPanel {
  readonly element: HTMLElement;
  readonly set: WeightSet;
  readonly #question: string;
  readonly #note = element('span', { class: 'note' });
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #frame = element('div', { class: 'frame', hidden: '' });
  readonly #cursor = element('div', { class: 'over', role: 'slider', tabindex: '0' });
  readonly #bar = new ScaleBar();
  #shown: { matrix: Matrix; grid: MatrixGrid; theme: Theme } | null = null;
  #cell = 0;
  #range = '';

  constructor(set: WeightSet) {
    this.set = set;
    this.#question = `Which inputs does each unit of ${set.layer} weigh most, and with which sign?`;
    this.element = element('figure', { class: 'matrix' });
    const button = exportButton(this.element, `the weights of ${set.layer}`, () =>
      this.#exportable(),
    );
    this.element.append(
      element('figcaption', {}, element('h2', { text: this.#question }), this.#note, button),
      element('div', { class: 'pointed' }, this.#canvas, this.#frame, this.#cursor),
      this.#bar.element,
    );
    setAttribute(this.#cursor, 'aria-label', `Read the weights of ${set.layer}`);
    setAttribute(this.#cursor, 'aria-valuemin', '1');
    this.#cursor.addEventListener('pointermove', ({ offsetX, offsetY }) => {
      if (!this.#shown) return;
      const { columns, rows } = this.#shown.grid;
      const { clientWidth, clientHeight } = this.#canvas;
      const column = Math.min(columns - 1, Math.floor((offsetX / clientWidth) * columns));
      this.#read(
        Math.min(rows - 1, Math.floor((offsetY / clientHeight) * rows)) * columns + column,
      );
    });
    this.#cursor.addEventListener('pointerleave', () => this.#read(null));
    this.#cursor.addEventListener('blur', () => this.#read(null));
    this.#cursor.addEventListener('keydown', (event) => {
      if (!this.#shown) return;
      const { columns, rows } = this.#shown.grid;
      const to = moved(this.#cell, event.key, columns, columns * rows);
      if (to === null) return;
      event.preventDefault();
      this.#read(to);
    });
  }

  #exportable(): Exportable | null {
    const shown = this.#shown;
    if (!shown) return null;
    const name = `${this.set.layer} weights`;
    return {
      name,
      table: () => matrixTable(name, shown.matrix),
      picture: { of: 'pixels', svg: () => pixelSvg(name, [this.#canvas], shown.theme) },
    };
  }

  draw(values: Float32Array, theme: Theme): void {
    const palette = signPalette(theme);
    const ratio = window.devicePixelRatio;
    const width = Math.floor(this.element.clientWidth * ratio);
    if (width === 0) return;
    const matrix = matrixOf(this.set.shape, values);
    const grid = matrixGrid(matrix, {
      width,
      height: HEIGHT * ratio,
      largest: Math.round(LARGEST * ratio),
      slim: Math.round(SLIM * ratio),
    });
    this.#shown = { matrix, grid, theme };
    const { columns, rows } = grid;
    const range = symmetricRange(values);
    this.#bar.draw(range, palette);
    this.#range = this.#describe(matrix, grid, range.high);
    this.#canvas.style.width = `${(columns * grid.width) / ratio}px`;
    this.#canvas.style.height = `${(rows * grid.height) / ratio}px`;
    setAttribute(this.#cursor, 'aria-valuemax', String(columns * rows));
    this.#read(null);
    const place = sized(this.#canvas);
    if (!place) return;
    const cells = new Float32Array(columns * rows);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        cells[row * columns + column] = cellValue(matrix, grid, row, column);
    const image = imageOf(colorsOf(cells, 1, range, palette), columns);
    const small = new OffscreenCanvas(columns, rows);
    small.getContext('2d')!.putImageData(image, 0, 0);
    place.context.imageSmoothingEnabled = false;
    place.context.drawImage(small, 0, 0, place.width, place.height);
  }

  #describe({ inputs, units, values }: Matrix, grid: MatrixGrid, most: number): string {
    const extents = `${count(units)} ${units === 1 ? 'unit' : 'units'} ↓ × ${count(inputs)} ${inputs === 1 ? 'input' : 'inputs'} →`;
    const several = grid.inputsPerColumn > 1 || grid.unitsPerRow > 1;
    const broken = values.reduce((sum, value) => sum + Number(!Number.isFinite(value)), 0);
    const parts = [
      extents,
      several ? 'each cell shows the largest of several weights' : '',
      broken === values.length
        ? 'no weight is a finite number'
        : broken > 0
          ? `${count(broken)} not finite`
          : most === 0
            ? 'all weights are 0'
            : '',
    ];
    return parts.filter(Boolean).join(' · ');
  }

  #read(cell: number | null): void {
    if (!this.#shown) return;
    this.#frame.hidden = cell === null;
    setAttribute(this.#cursor, 'aria-valuenow', String((cell ?? this.#cell) + 1));
    if (cell === null) {
      setText(this.#note, this.#range);
      setAttribute(
        this.#cursor,
        'aria-valuetext',
        `${this.#range}. Use the arrow keys to read weights`,
      );
      return;
    }
    this.#cell = cell;
    const { matrix, grid } = this.#shown;
    const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
    const { units, inputs } = cellOf(matrix, grid, row, column);
    const value = cellValue(matrix, grid, row, column);
    const words = `${span('unit', units)}, ${span('input', inputs)}: ${exact(value)}`;
    setText(this.#note, words);
    setAttribute(this.#cursor, 'aria-valuetext', words);
    const ratio = window.devicePixelRatio;
    const [x, y] = [(column * grid.width) / ratio, (row * grid.height) / ratio];
    this.#frame.style.transform = `translate(${x}px, ${y}px)`;
    this.#frame.style.width = `${grid.width / ratio}px`;
    this.#frame.style.height = `${grid.height / ratio}px`;
  }
}

/** Counted from 1: "unit 3", "units 3 … 5". */
function span(name: string, [from, to]: readonly [number, number]): string {
  return to - from === 1 ? `${name} ${from + 1}` : `${name}s ${from + 1} … ${to}`;
}
