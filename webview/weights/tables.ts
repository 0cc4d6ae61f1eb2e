import { type Filters, filterAt } from '../../core/inspection/filters/filters.ts';
import { FILTER_NUMBERS, nameOf, numbersOf } from '../../core/inspection/filters/numbers.ts';
import type { Cell, Digest, Table } from '../../core/report/chart/table.ts';
import { exact } from '../format.ts';
import { numberText } from './filter-numbers.ts';
import type { Matrix } from './matrix.ts';

/** More weights than this are no table that anything opens. */
const MOST = 1_000_000;

function refuseHuge(weights: number): void {
  if (weights <= MOST) return;
  throw new Error(
    `it has ${weights.toLocaleString('en-US')} weights: trainscope inspect --json --values tells them all`,
  );
}

/** The weights of images, in their order: a row a weight, or a color of a pixel. */
export function filtersTable(title: string, filters: Filters, order: ArrayLike<number>): Table {
  const { width, channels } = filters;
  const indices = Array.from(order);
  refuseHuge(indices.length * filters.width * filters.height * channels);
  const colors = channels === 3 ? ['red', 'green', 'blue'] : null;
  const rows: Cell[][] = [];
  for (const index of indices) {
    const name = nameOf(filters, index);
    for (const [i, weight] of filterAt(filters, index).entries()) {
      const pixel = Math.floor(i / channels);
      const place = [Math.floor(pixel / width) + 1, (pixel % width) + 1];
      rows.push([name, ...place, ...(colors ? [colors[i % channels]!] : []), weight]);
    }
  }
  const columns = ['unit', 'row', 'column', ...(colors ? ['color'] : []), 'weight'];
  return { title, columns, rows, digest: filtersDigest(filters, indices) };
}

/** Each image's numbers. */
export function filtersDigest(filters: Filters, order: readonly number[]): Digest {
  return {
    columns: ['unit', ...FILTER_NUMBERS],
    rows: order.map((index) => [
      nameOf(filters, index),
      ...numbersOf(filters, index).map(numberText),
    ]),
  };
}

/** A row a weight; the digest tells of each unit its range. Units and inputs are counted from 1. */
export function matrixTable(title: string, { inputs, units, values }: Matrix): Table {
  refuseHuge(values.length);
  const rows: Cell[][] = [];
  const digest: Cell[][] = [];
  for (let unit = 0; unit < units; unit++) {
    let [low, high, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
    for (let input = 0; input < inputs; input++) {
      const weight = values[input * units + unit]!;
      rows.push([unit + 1, input + 1, weight]);
      squares += weight * weight;
      low = Math.min(low, weight);
      high = Math.max(high, weight);
    }
    digest.push([unit + 1, ...[Math.sqrt(squares), low, high].map(exact)]);
  }
  return {
    title,
    columns: ['unit', 'input', 'weight'],
    rows,
    digest: { columns: ['unit', 'norm', 'smallest', 'largest'], rows: digest },
  };
}
