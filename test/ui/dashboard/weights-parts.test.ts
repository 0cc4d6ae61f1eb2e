import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cornerOf,
  gridOf,
  type Images,
  imageAt,
  moved,
  type Room,
} from '../../../webview/weights/grid.ts';
import { cellValue, matrixGrid, matrixOf } from '../../../webview/weights/matrix.ts';
import { colorsOf, type Palette } from '../../../webview/weights/palette.ts';
import { paintImages } from '../../../webview/weights/picture.ts';

const images = (count: number, width: number, height: number): Images => ({ count, width, height });
const room: Room = { width: 800, height: 480, gap: 1, largest: 84 };

describe('a grid of images', () => {
  test.each<[string, Images, { columns: number; rows: number; width: number; height: number }]>([
    ['digits', images(100, 8, 8), { columns: 14, rows: 8, width: 56, height: 56 }],
    ['28 × 28', images(100, 28, 28), { columns: 14, rows: 8, width: 56, height: 56 }],
    ['one', images(1, 8, 8), { columns: 1, rows: 1, width: 80, height: 80 }],
    ['more than fit', images(1000, 32, 32), { columns: 24, rows: 42, width: 32, height: 32 }],
    [
      'one, larger than the view',
      images(1, 1600, 4),
      { columns: 1, rows: 1, width: 800, height: 2 },
    ],
    ['strips', images(6, 64, 1), { columns: 6, rows: 1, width: 64, height: 1 }],
  ])('%s', (_, what, expected) => {
    expect(gridOf(what, room)).toEqual({ ...expected, gap: 1 });
  });

  const arbitrary = fc.record({
    count: fc.integer({ min: 1, max: 700 }),
    width: fc.integer({ min: 1, max: 60 }),
    height: fc.integer({ min: 1, max: 60 }),
  });

  test('has whole pixels, the room it is given, and a place for each image that finds it back', () => {
    fc.assert(
      fc.property(arbitrary, fc.integer({ min: 60, max: 2000 }), (what, width) => {
        const grid = gridOf(what, { ...room, width });
        expect(grid.width % what.width).toBe(0);
        expect(grid.columns * (grid.width + 1) - 1).toBeLessThanOrEqual(width);
        const taken = new Set<string>();
        for (let i = 0; i < what.count; i++) {
          const [x, y] = cornerOf(grid, i);
          taken.add(`${x} ${y}`);
          expect(imageAt(grid, what.count, x, y)).toBe(i);
          expect(imageAt(grid, what.count, x + grid.width - 1, y + grid.height - 1)).toBe(i);
          expect(imageAt(grid, what.count, x + grid.width, y)).toBe(-1);
        }
        expect(taken.size).toBe(what.count);
        expect(imageAt(grid, what.count, -1, 0)).toBe(-1);
        expect(imageAt(grid, what.count, 0, grid.rows * (grid.height + 1))).toBe(-1);
      }),
      { numRuns: 40 },
    );
  });

  // 3 columns, 8 images: the last row has two.
  test.each([
    [0, 'ArrowLeft', 0],
    [2, 'ArrowRight', 3],
    [7, 'ArrowRight', 7],
    [1, 'ArrowUp', 1],
    [4, 'ArrowUp', 1],
    [4, 'ArrowDown', 7],
    [5, 'ArrowDown', 5],
    [4, 'Home', 0],
    [4, 'End', 7],
    [4, 'a', null],
  ])('from %d by %s to %s', (at, key, to) => {
    expect(moved(at, key, 3, 8)).toBe(to);
  });
});

/** Each color is its number; 256 is for what is not finite. */
const numbers: Palette = Uint32Array.from({ length: 257 }, (_, i) => i);
const range = { low: -1, high: 1 };

describe('colors', () => {
  test.each([
    [-1, 0],
    [-0.5, 64],
    [0, 128],
    [1, 255],
    [Number.NaN, 256],
    [Number.NEGATIVE_INFINITY, 256],
  ])('of %d', (value, expected) => {
    expect([...colorsOf(Float32Array.of(value), 1, range, numbers)]).toEqual([expected]);
  });

  test('are in the middle where all values are one', () => {
    const [color] = colorsOf(Float32Array.of(4), 1, { low: 4, high: 4 }, numbers);
    expect(color).toBe(128);
  });

  test('of three channels', () => {
    const values = Float32Array.of(1, -1, 0, 0, Number.NaN, 0);
    const words = colorsOf(values, 3, range, numbers);
    expect([...new Uint8Array(words.buffer, 0, 4)]).toEqual([255, 0, 128, 255]);
    expect(words[1]).toBe(256);
  });

  test('fill the cells of a grid, and nothing else', () => {
    const filters = {
      ...{ width: 2, height: 1, channels: 1 as const, count: 2, perUnit: 1 },
      values: Float32Array.of(-1, 1, 1, -1),
    };
    const grid = { columns: 2, rows: 1, width: 4, height: 2, gap: 1 };
    const pixels = new Uint32Array(9 * 2).fill(7);
    const shown = { filters, order: Uint32Array.of(1, 0), ranges: () => range, palette: numbers };
    paintImages(pixels, 9, shown, grid);
    const line = [255, 255, 0, 0, 7, 0, 0, 255, 255];
    expect([...pixels]).toEqual([...line, ...line]);
  });
});

describe('a matrix', () => {
  const place = { width: 1000, height: 260, largest: 14, slim: 5 };

  test.each([
    ['few', [10, 4], { rows: 4, columns: 10, width: 14, height: 14 }],
    ['a wide one', [784, 10], { rows: 10, columns: 784, width: 1, height: 5 }],
    ['a high one', [3, 260], { rows: 260, columns: 3, width: 5, height: 1 }],
    ['one weight', [1, 1], { rows: 1, columns: 1, width: 14, height: 14 }],
    ['more inputs than pixels', [3000, 2], { rows: 2, columns: 1000, inputsPerColumn: 3 }],
    ['more units than pixels', [2, 300], { rows: 150, columns: 2, unitsPerRow: 2 }],
  ])('%s', (_, [inputs, units], expected) => {
    expect(matrixGrid({ inputs: inputs!, units: units! }, place)).toMatchObject(expected);
  });

  test('shows units in rows, whatever the shape of the inputs', () => {
    // [2 × 2 × 1 × 3]: input i, unit u has 10 i + u.
    const values = Float32Array.from({ length: 12 }, (_, k) => 10 * Math.floor(k / 3) + (k % 3));
    const matrix = matrixOf([2, 2, 1, 3], values);
    const grid = matrixGrid(matrix, place);
    expect(grid).toMatchObject({ rows: 3, columns: 4 });
    expect(cellValue(matrix, grid, 2, 3)).toBe(32);
    expect(cellValue(matrix, grid, 0, 1)).toBe(10);
  });

  test('a cell of several weights has the largest in size, with its sign', () => {
    const matrix = matrixOf([5, 1], Float32Array.of(1, -3, 2, 0.5, Number.NaN));
    const grid = matrixGrid(matrix, { ...place, width: 3 });
    const cells = [0, 1, 2].map((column) => cellValue(matrix, grid, 0, column));
    expect(cells).toEqual([-3, 2, Number.NaN]);
  });
});
